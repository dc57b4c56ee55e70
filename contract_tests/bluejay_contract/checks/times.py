"""Rules about the times of runs, conversations, events and evaluations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .applicability import has_results, has_run, has_times
from .document import Object, now_of, number, objects, results_of, run_of, runs_of, time
from .rule import Finding, Rule

TOLERANCE = datetime.timedelta(seconds=5)
"""The tolerance when times of different machines are compared."""
FAR = datetime.timedelta(days=366)
"""The limit for times in the future. No clock is wrong by that much, so a later time must be an error."""


def _end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No conversation may end before it starts."""
    for path, result in results_of(exchange):
        start, end = time(result, "start_time"), time(result, "end_time")
        if start and end and end < start:
            yield f"{path}.end_time", f"a time not before {result['start_time']}", result["end_time"]


def _event_end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No event may end before it starts."""
    for path, result in results_of(exchange):
        for where, event in objects(result, "events", path):
            start, end = number(event, "start_offset_ms"), number(event, "end_offset_ms")
            if start is not None and end is not None and end < start:
                yield f"{where}.end_offset_ms", f"{start} or more", end


def _start_after_run_created(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No conversation may start or end before its run was created (5 s of tolerance)."""
    created = time(run_of(exchange), "created_at")
    for path, result in results_of(exchange):
        for name in ("start_time", "end_time"):
            yield from _before(path, result, name, "the run's created_at", created)


def _evaluation_after_end(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No evaluation may be created before its run, or before its conversation ended (5 s of tolerance)."""
    created = time(run_of(exchange), "created_at")
    for path, result in results_of(exchange):
        times = [(name, time(result, name)) for name in ("end_time", "start_time")]
        latest = next(((name, at) for name, at in times if at), ("the run's created_at", created))
        for where, evaluation in objects(result, "evaluations", path):
            yield from _before(where, evaluation, "created_at", *latest)


def _event_before_end(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No event may start after its conversation's end (5 s of tolerance)."""
    for path, result in results_of(exchange):
        start, end = time(result, "start_time"), time(result, "end_time")
        if start is None or end is None or end < start:
            continue
        length = (end - start) // datetime.timedelta(milliseconds=1)
        for where, event in objects(result, "events", path):
            offset = number(event, "start_offset_ms")
            if offset is not None and offset > length + TOLERANCE / datetime.timedelta(milliseconds=1):
                yield f"{where}.start_offset_ms", f"at most the conversation's length ({length})", offset


def _not_in_the_far_future(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No time may be over a year after the response's Date or, without a Date, after the local clock."""
    clock, now = now_of(exchange)
    for path, holder, names in _times(exchange):
        for name in names:
            at = time(holder, name)
            if at and at - now > FAR:
                yield f"{path}.{name}", f"at most a year after {clock}", holder[name]


def _oldest_first(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The results of a run that have a start_time must be ordered by it, oldest first."""
    latest: tuple[datetime.datetime, str] | None = None
    for path, result in results_of(exchange):
        start = time(result, "start_time")
        if start and latest and start < latest[0]:
            expected = f"a time not before {latest[1]}, which an earlier result in the list has"
            yield f"{path}.start_time", expected, result["start_time"]
        elif start:
            latest = start, result["start_time"]


def _before(
    path: str, holder: Object, name: str, limit: str, not_before: datetime.datetime | None
) -> Iterator[Finding]:
    at = time(holder, name)
    if at and not_before and not_before - at > TOLERANCE:
        yield f"{path}.{name}", f"a time not before {limit} ({not_before.isoformat()})", holder[name]


def _times(exchange: Exchange) -> Iterator[tuple[str, Object, tuple[str, ...]]]:
    for path, run in runs_of(exchange):
        yield path, run, ("created_at",)
    for path, result in results_of(exchange):
        yield path, result, ("start_time", "end_time")
        for where, evaluation in objects(result, "evaluations", path):
            yield where, evaluation, ("created_at", "last_edited_at")
            for place, metric in objects(evaluation, "custom_metrics", where):
                yield place, metric, ("last_edited_at",)


RULES = (
    Rule("end-after-start", Severity.SUSPICIOUS, _end_after_start, has_results),
    Rule("event-end-after-start", Severity.SUSPICIOUS, _event_end_after_start, has_results),
    Rule("start-after-run-created", Severity.SUSPICIOUS, _start_after_run_created, has_run),
    Rule("evaluation-after-end", Severity.SUSPICIOUS, _evaluation_after_end, has_results),
    Rule("event-before-end", Severity.SUSPICIOUS, _event_before_end, has_results),
    Rule("not-in-the-far-future", Severity.SUSPICIOUS, _not_in_the_far_future, has_times),
    Rule("oldest-first", Severity.SUSPICIOUS, _oldest_first, has_run),
)
