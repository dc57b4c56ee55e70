# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.free_form_object import FreeFormObject
from ..types import MayBeAbsent


@define
class ValidationError:
    """One error in a request."""

    loc: list[int | str]
    """Where the error is, from the outside in, such as header then X-API-Key."""

    msg: str
    """What is wrong, for a person."""

    type: str
    """What is wrong, for a program, such as missing."""

    input: Any = None
    """The value that was refused; any value, null included."""

    ctx: MayBeAbsent[FreeFormObject] = None
    """An object whose keys and values the contract leaves open."""
