"""Reads saved responses, and the responses of a recording as the client read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..errors import (
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    UnsupportedValueError,
    UsageError,
)
from ..reading.body import OnViolation, refuse_view
from ..recording.exchange import Exchange
from ..recording.har_reader import is_har, read_har
from ..recording.recording import Settings
from .page import PAGE_SIZE, FailedFetch, Page, Parts, Record, read_bodies, read_page, read_record
from .response_errors import complete_body_error, error_of_status, is_cdn_fault, is_transient

T = TypeVar("T")


def saved_parts(data: bytes | Sequence[bytes], on_violation: OnViolation) -> Parts:
    """Return what a run is built from: a recording, the body of a response, or the pages of the run.

    Raises:
        BluejayError: As in `SimulationRun.from_bytes`.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        if not data:
            raise UsageError("A run needs at least one page. Pass the bodies that the service sent.")
        return Parts(read_bodies(data, on_violation))
    data = bytes(data)
    if is_har(data):
        return _replayed(data, on_violation)
    refuse_view(data)
    return Parts(read_bodies([data], on_violation))


def _replayed(data: bytes, on_violation: OnViolation) -> Parts:
    """Return what the run in a recording is built from.

    Raises:
        BluejayError: The error that the recorded call raised.
    """
    recording = read_har(data, "page")
    settings = recording.settings
    pages: list[Page] = []
    fetched: list[Record] = []
    failed: dict[str, FailedFetch] = {}
    for each in recording.exchanges:
        if each.resource.kind == "conversation":
            outcome = _fetched(each, on_violation)
            if isinstance(outcome, FailedFetch):
                failed[each.resource.id] = outcome
            else:
                fetched.append(outcome)
            continue
        try:
            pages.append(_page(each, settings, on_violation))
        except BluejayError as error:
            # Only `wait` continues after an error, and only if it had read pages before.
            polls_again = is_transient(error) or is_cdn_fault(error)
            if not (pages and polls_again):
                raise
    pages.sort(key=lambda each: each.number)
    return Parts(tuple(pages), tuple(fetched), tuple(failed.values()), settings, recording.seen)


def replayed_list(data: bytes, read: Callable[[Exchange], T]) -> T:
    """Return the list of runs that `read` reads from a recording; raise the recorded call's error."""
    return _result(read_har(data, "runs").exchanges[-1], read, "simulation")


def _page(exchange: Exchange, settings: Settings, on_violation: OnViolation) -> Page:
    run_id = exchange.resource.id

    def read(answer: Exchange) -> Page:
        number = answer.resource.offset // PAGE_SIZE + 1
        return read_page(answer, number, on_violation, run_id=run_id, simulation_id=settings.simulation_id)

    return _result(exchange, read, "run", run_id)


def _fetched(exchange: Exchange, on_violation: OnViolation) -> Record | FailedFetch:
    try:
        return _result(exchange, lambda each: read_record(each, each.resource.id, on_violation), "result")
    except ContractViolationError:
        raise
    except BluejayError as error:
        return FailedFetch(exchange, str(error))


def _result(exchange: Exchange, read: Callable[[Exchange], T], noun: str, run_id: str | None = None) -> T:
    """Return the result of an exchange, or raise its error; `noun` names what was requested."""
    if exchange.failure:
        raise ConnectionFailedError(exchange.failure, url=exchange.url)
    if exchange.status != 200:
        raise error_of_status(exchange, noun, run_id)
    try:
        return read(exchange)
    except (ContractViolationError, UnsupportedValueError) as error:
        complete_body_error(error, exchange, run_id)
        raise
