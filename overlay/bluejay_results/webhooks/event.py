"""Reads the event in the body of a delivery."""

from __future__ import annotations

from typing import Any, TypeAlias

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
        delivery_id: The id of the delivery, from the header X-Bluejay-Delivery, which is not signed; None
            without that header.
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
    """The fields that events of any type may have. In events, the service sends ids as integers."""

    type: str
    simulation_run_id: Any = None


def parse(
    body: bytes, *, delivery_id: str | None = None, on_violation: OnViolation = "raise"
) -> WebhookEvent:
    """Return the event in a body. Verify the body's signature first, or use `receive`, which verifies it.

    Args:
        body: The raw body of the delivery.
        delivery_id: The value of the header X-Bluejay-Delivery.
        on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
            violations in `WebhookEvent.violations`.

    Raises:
        ContractViolationError: The body is not JSON, has no type, or breaks the contract.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
    """
    common = read_body(body, _Envelope, "raise", noun="event")[0]
    model = _MODELS.get(common.type)
    data, violations = read_body(body, model, on_violation, noun="event") if model else (None, ())
    run_id = common.simulation_run_id
    named = str(run_id) if isinstance(run_id, int | str) else None
    return WebhookEvent(common.type, named, delivery_id, data, body, violations)
