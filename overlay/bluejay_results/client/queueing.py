"""Builds and validates the request to queue a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from attrs import evolve
from bluejay_api.decoding import decode
from bluejay_api.encoding import encode
from bluejay_api.models import QueueSimulationRunRequest

from ..errors import UsageError


def queue_request(
    run: str | QueueSimulationRunRequest,
    digital_human_ids: Sequence[str | int] | None,
    agent_version_id: str | UUID | None,
) -> QueueSimulationRunRequest:
    """Return the request to send.

    Raises:
        UsageError: A field breaks the contract, was passed twice or is empty, or two fields are mutually
            exclusive.
    """
    request = QueueSimulationRunRequest(run) if isinstance(run, str) else run
    if not isinstance(request, QueueSimulationRunRequest):
        raise UsageError(
            f"run must be a simulation id or a QueueSimulationRunRequest, got {type(run).__name__}."
        )
    options: dict[str, Any] = {
        "digital_human_ids": None if digital_human_ids is None else _texts(digital_human_ids),
        "agent_version_id": agent_version_id,
    }
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if getattr(request, name) is not None:
            raise UsageError(
                f"{name} was passed twice, in the request and as an argument. Pass it only once."
            )
    return _checked(evolve(request, **given))


def _texts(ids: Sequence[str | int]) -> list[str]:
    if isinstance(ids, str) or not isinstance(ids, Sequence):
        raise UsageError(f"digital_human_ids must be a list of ids, got {type(ids).__name__}.")
    return [str(each) if type(each) is int else each for each in ids]  # type: ignore[misc] # checked later


def _checked(request: QueueSimulationRunRequest) -> QueueSimulationRunRequest:
    if request.phone_number is not None and request.sip_uri is not None:
        raise UsageError("phone_number and sip_uri can't be combined. Pass one of them.")
    try:
        body = encode(request, QueueSimulationRunRequest)
        checked = decode(body, QueueSimulationRunRequest)
    except (msgspec.DecodeError, msgspec.ValidationError, TypeError, ValueError) as error:
        raise UsageError(_refused_field(str(error))) from None
    options = msgspec.json.decode(body)
    del options["simulation_id"]  # the client checks this id like every other id
    for name, value in options.items():
        if value in ("", []) or (isinstance(value, list) and "" in value):
            raise UsageError(f"{name} is empty. Pass a non-empty value or none.")
    return checked


def _refused_field(message: str) -> str:
    """Rewrite `Invalid UUID - at `$.prompt_id`` as `prompt_id: Invalid UUID.`."""
    reason, at, path = message.partition(" - at `$.")
    return f"{path.rstrip('`')}: {reason}." if at else f"The request to queue a run is invalid: {message}."
