"""A conversation that was fetched by id, without its run."""

from __future__ import annotations

from attrs import evolve, frozen
from bluejay_api.models import SingleSimulationResultResponse

from ..reading.body import OnViolation, read_body
from ..recording.exchange import Exchange
from .grace import NO_GRACE, Grace
from .latency import LatencyUnit, unit_of
from .page import Record
from .result import SimulationResult

_RECORD = "$.simulation_result"


def read_record(
    exchange: Exchange, on_violation: OnViolation, model: SingleSimulationResultResponse | None = None
) -> Record:
    """Read the response to a fetch by id; `model` is the decoded body, if it is known to be valid.

    Raises the same errors as `read_body`.
    """
    if model:
        return Record(model.simulation_result, exchange)
    read, found = read_body(exchange.body, SingleSimulationResultResponse, on_violation, _RECORD)
    violations = tuple(evolve(each, path=f"${each.path.removeprefix(_RECORD)}") for each in found)
    return Record(read.simulation_result, exchange, violations=violations)


def result_alone(record: Record) -> SimulationResult:
    """Return the conversation of a record that was fetched without its run."""
    result = SimulationResult(record.response, _Alone(), (record,))
    return evolve(result, run=_Alone(unit_of([result.latency_received])))


@frozen
class _Alone:
    """Replaces the run of a conversation that was fetched without its run."""

    latency_unit: LatencyUnit | None = None
    grace: Grace = NO_GRACE
    id: str | None = None
    status: str | None = None
    has_ended: bool = False
