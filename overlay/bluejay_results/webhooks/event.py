"""Reads the event in the body of a delivery."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from attrs import field, frozen
from bluejay_api.models import (
    ObservabilityCallEvaluated,
    OutboundSimulationStarted,
    SimulationEnded,
    SimulationResultEvaluated,
)

from ..errors import Violation
from ..reading.body import OnViolation, read_body

Data: TypeAlias = (
    SimulationResultEvaluated | SimulationEnded | OutboundSimulationStarted | ObservabilityCallEvaluated
)

_MODELS: dict[str, type[Data]] = {
    "simulation_result_evaluated": SimulationResultEvaluated,
    "simulation_ended": SimulationEnded,
    "outbound_simulation_started": OutboundSimulationStarted,
    "observability_call_evaluated": ObservabilityCallEvaluated,
}


@frozen
class WebhookEvent:
    """An event that the service sent. An event is a hint: read the run before you judge it.

    Attributes:
        type: The type of the event, such as `simulation_ended`.
        run_id: The id of the run; None if the event names no run.
        delivery_id: The id of the delivery, from the header X-Bluejay-Delivery; None without that header. The
            header is not signed.
        data: The typed body; None if the type is unknown.
        raw: The exact bytes of the body.
        violations: The values that break the contract, with `on_violation="collect"`.
    """

    type: str
    run_id: str | None
    delivery_id: str | None
    data: Data | None = field(repr=False)
    raw: bytes = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)


@frozen
class _Envelope:
    """The field that events of all types have."""

    type: str


def parse(
    body: bytes, *, delivery_id: str | None = None, on_violation: OnViolation = "raise"
) -> WebhookEvent:
    """Return the event in a body. Verify the signature of the body first, or use `receive`, which does both.

    Args:
        body: The raw body of the delivery.
        delivery_id: The value of the header X-Bluejay-Delivery.
        on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
            violations in `WebhookEvent.violations`.

    Raises:
        ContractViolationError: The body is not JSON, has no type, or breaks the contract.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
    """
    kind = read_body(body, _Envelope, "raise", noun="event")[0].type
    model = _MODELS.get(kind)
    data, violations = read_body(body, model, on_violation, noun="event") if model else (None, ())
    return WebhookEvent(kind, _run_id(body), delivery_id, data, body, violations)


def _run_id(body: bytes) -> str | None:
    """Return the id of the run that a body of any type names. In events, ids are integers."""
    try:
        run_id = msgspec.json.decode(body, type=_Run).simulation_run_id
    except msgspec.DecodeError:
        return None
    return None if run_id is None else str(run_id)


@frozen
class _Run:
    simulation_run_id: int | str | None = None
