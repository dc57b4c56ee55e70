# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.free_form_object import FreeFormObject
from ..types import MayBeAbsent


@define(weakref_slot=False)
class ValidationError:
    """One error in a request."""

    loc: list[int | str]
    """The path to the error, such as header, X-API-Key."""

    msg: str
    """A human-readable description of the error."""

    type: str
    """A machine-readable error type, such as missing."""

    input: Any = None
    """The rejected value; any value, including null."""

    ctx: MayBeAbsent[FreeFormObject] = None
    """An object with any keys and values."""
