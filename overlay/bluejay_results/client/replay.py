"""Builds the run of a recording from its responses, as the client did."""

from __future__ import annotations

from typing import TypeVar

from .._secrets import Secret
from ..clock import Clock, Deadline
from ..errors import BluejayError, ConnectionFailedError, ContractViolationError
from ..reading.body import OnViolation
from ..recording.exchange import Exchange
from ..recording.recording import Recording
from ..results.page import PAGE_SIZE, FailedFetch, Page, Record, up_to_last, wrong_conversation
from ..results.run import SimulationRun
from ..results.simulation_runs import SimulationRuns
from .call import Call
from .config import Config
from .operations import BoundOperation, list_runs, retrieve_page, retrieve_record
from .retry import is_cdn_fault, is_transient

T = TypeVar("T")


def replay(recording: Recording, on_violation: OnViolation) -> SimulationRun:
    """Return the run that a client built from these responses.

    Raises:
        BluejayError: The error that the client raised, if it never read the run or ended with an error.
    """
    settings = recording.settings
    versions: list[Page] = []
    fetched: list[Record] = []
    failed: dict[str, FailedFetch] = {}
    for each in recording.exchanges:
        resource = each.resource
        if resource.kind == "conversation":
            outcome = _fetched(each, on_violation)
            if isinstance(outcome, FailedFetch):
                failed[resource.id] = outcome
            else:
                fetched.append(outcome)
            continue
        try:
            operation = retrieve_page(
                resource.id, resource.offset, PAGE_SIZE, on_violation, settings.simulation_id
            )
            versions.append(_result(each, operation))
        except BluejayError as error:
            polls_again = settings.is_wait and (is_transient(error) or is_cdn_fault(error))
            if not (versions and polls_again):
                raise
    pages = up_to_last({each.number: each for each in versions}.values())
    earlier = tuple(each for each in versions if each not in pages)
    return SimulationRun(pages, earlier, tuple(fetched), tuple(failed.values()), settings)


def replay_runs(recording: Recording, on_violation: OnViolation) -> SimulationRuns:
    """Return the runs of a simulation in a recording; raise the error that the client raised."""
    exchange = recording.exchanges[-1]
    return _result(exchange, list_runs(exchange.resource.id, on_violation))


def _fetched(exchange: Exchange, on_violation: OnViolation) -> Record | FailedFetch:
    result_id = exchange.resource.id
    try:
        record = _result(exchange, retrieve_record(result_id, on_violation))
    except ContractViolationError:
        raise
    except BluejayError as error:
        return FailedFetch(exchange, str(error))
    return wrong_conversation(record, result_id) or record


def _result(exchange: Exchange, operation: BoundOperation[T]) -> T:
    if exchange.failure:
        raise ConnectionFailedError(exchange.failure, url=exchange.url)
    config = Config(
        Secret(), exchange.url.rpartition("/v1/")[0], request_timeout=0.0, retries=0, max_body_bytes=0
    )
    return Call(config, operation, Deadline(Clock(), 0.0), 0).read(exchange)
