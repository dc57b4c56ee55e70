# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.validation_error import ValidationError
from ..types import MayBeAbsent


@define(weakref_slot=False)
class HTTPValidationError:
    """Why a request was rejected."""

    detail: MayBeAbsent[list[ValidationError]] = None
    """The errors in the request."""
