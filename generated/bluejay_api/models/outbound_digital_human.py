# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..types import MayBeAbsent


@define(weakref_slot=False)
class OutboundDigitalHuman:
    """A digital human for the agent to call."""

    id: MayBeAbsent[int] = None
    """Identifier of the digital human."""

    name: str | None = None
    """Name of the digital human."""

    phone_number: str | None = None
    """The number to call."""

    associated_simulation_result_ids: MayBeAbsent[list[int]] = None
    """Identifiers of the results for the digital human's conversations."""
