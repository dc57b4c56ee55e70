"""A conversation that was fetched by id, without its run."""

from __future__ import annotations

from attrs import evolve
from bluejay_api.models import SingleSimulationResultResponse

from ..errors import ContractViolationError, Violation
from ..reading.body import OnViolation, read_body
from ..recording.exchange import Exchange
from .context import Alone
from .latency import unit_of
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


def check_conversation(record: Record, result_id: str) -> None:
    """Raise ContractViolationError if a record is of another conversation.

    An id that breaks the contract is not compared.
    """
    got, path = record.response.id, f"{_RECORD}.id"
    if str(got) == result_id or any(each.path == "$.id" for each in record.violations):
        return
    reason = f"The service sent conversation {got}, but {result_id} was requested."
    error = ContractViolationError(reason, body=record.exchange.body)
    error.violations = (Violation(path, f"Expected {result_id}, got {got}"),)
    raise error


def result_alone(record: Record) -> SimulationResult:
    """Return the conversation of a record that was fetched without its run."""
    result = SimulationResult(record.response, Alone(), (record,))
    return evolve(result, run=Alone(unit_of([result.latency_received])))
