"""Rules about ranges, sums and times: a table of fields with their minimum and maximum values."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.operations import RESULT, RESULTS, RUNS

from .document import Object, chains, is_whole, now_of, number, run_of, time
from .outcomes import has_ended, has_results_under_way
from .rule import Finding, Rule, success

TOLERANCE = datetime.timedelta(seconds=5)
"""The tolerance for comparing times from different machines."""
FAR = datetime.timedelta(days=366)
"""How far in the future a time may be; a later time can't be explained by a wrong clock."""

Limits: TypeAlias = Callable[[Exchange, Sequence[Object]], tuple[Any, Any, str]]
"""Takes an exchange, and an object preceded by its parents. Returns the minimum, maximum and both as text."""


@frozen
class Row:
    """A row of the table: the limits for some fields.

    Attributes:
        objects: The keys that lead to the objects with these fields, as for `chains`.
        fields: The fields; "a + b" is the sum of two fields, in which a negative field counts as 0.
        limits: Returns the limits for each field.
    """

    objects: str
    fields: Sequence[str]
    limits: Limits

    def broken(self, exchange: Exchange) -> Iterator[Finding]:
        """Yield a finding for each value outside its limits."""
        for path, chain in chains(exchange, self.objects):
            low, high, expected = self.limits(exchange, chain)
            for field in self.fields:
                value = _value(chain[-1], field)
                if value is None:
                    continue
                if (low is not None and value < low) or (high is not None and value > high):
                    received = value if " + " in field else chain[-1][field]
                    yield f"{path}.{field.partition(' ')[0]}", expected, received


def _value(holder: Object, field: str) -> Any:
    if " + " in field:
        known = [each for name in field.split(" + ") if (each := number(holder, name)) is not None]
        return sum(max(0, each) for each in known) if known else None
    return time(holder, field) if field.endswith(("_at", "_time")) else number(holder, field)


def _between(low: float, high: float | None = None) -> Limits:
    expected = f"{low} or more" if high is None else f"{low} to {high}"
    return lambda *_: (low, high, expected)


def _at_most_total(sum_: str, *, is_exact: bool) -> Limits:
    """Return the limits for a sum of counters; if `is_exact`, a settled run allows only one value."""

    def limits(exchange: Exchange, chain: Sequence[Object]) -> tuple[Any, Any, str]:
        total = number(chain[-1], "total_tests")
        has_whole_run = bool(run_of(exchange)) and is_whole(exchange)
        is_settled = has_whole_run and has_ended(exchange) and not has_results_under_way(exchange)
        is_known = all(number(chain[-1], name) is not None for name in sum_.split(" + "))
        is_equal = is_exact and is_settled and is_known
        relation = "equal" if is_equal else "be at most"
        return total if is_equal else None, total, f"{sum_} to {relation} total_tests ({total})"

    return limits


def _not_before(field: str) -> Limits:
    """Return the limits for a field that must not be less than another field of the same object."""

    def limits(_: Exchange, chain: Sequence[Object]) -> tuple[Any, Any, str]:
        low, is_time = _value(chain[-1], field), field.endswith("_time")
        return low, None, f"a time at or after {chain[-1][field]}" if is_time and low else f"{low} or more"

    return limits


def _after(*fields: str) -> Limits:
    """Return the limits for a time: the minimum is the first known of these, or the run's creation."""

    def limits(exchange: Exchange, chain: Sequence[Object]) -> tuple[Any, Any, str]:
        times = [(name, time(chain[0], name)) for name in fields]
        times.append(("the run's created_at", time(run_of(exchange), "created_at")))
        name, low = next(((name, at) for name, at in times if at), ("", None))
        return low and low - TOLERANCE, None, f"a time at or after {name} ({low and low.isoformat()})"

    return limits


def _during_the_conversation(_: Exchange, chain: Sequence[Object]) -> tuple[Any, Any, str]:
    start, end = time(chain[0], "start_time"), time(chain[0], "end_time")
    if start is None or end is None or end < start:
        return None, None, ""
    length, tolerance = ((each // datetime.timedelta(milliseconds=1)) for each in (end - start, TOLERANCE))
    return None, length + tolerance, f"at most the conversation's length ({length})"


def _not_far_away(exchange: Exchange, _: Sequence[Object]) -> tuple[Any, Any, str]:
    clock, now = now_of(exchange)
    return None, now + FAR, f"a time no more than a year after {clock}"


COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")
LATENCIES = {
    "latency": [f"{name}_agent_latency" for name in ("avg", "p50", "p90", "p95", "p99", "max")],
    "filler_ignored_latency": [
        f"{name}_filler_ignored_latency" for name in ("avg", "p50", "p90", "p95", "p99")
    ],
}
"""The figures in each latency object, by the object's key: the mean, then the percentiles in order."""
_PASSED, _COMPLETED = "tests_passed + tests_failed", "tests_completed + tests_incompleted"
_EVALUATION, _OFFSET = "results.evaluations", "start_offset_ms"
_POSITIVE = _between(0)

_TABLE = (
    ("counters-not-negative", "None of a run's counters may be negative.", (RESULTS, RUNS),
     Row("runs", COUNTERS, _POSITIVE)),
    ("passed-and-failed-within-total", "tests_passed + tests_failed must not exceed total_tests.",
     (RESULTS, RUNS), Row("runs", [_PASSED], _at_most_total(_PASSED, is_exact=False))),
    ("completed-and-incompleted-add-up",
     "tests_completed + tests_incompleted must not exceed total_tests, and must equal it in a settled run.",
     (RESULTS, RUNS), Row("runs", [_COMPLETED], _at_most_total(_COMPLETED, is_exact=True))),
    ("end-after-start", "No conversation may end before it starts.", (RESULTS, RESULT),
     Row("results", ["end_time"], _not_before("start_time"))),
    ("event-end-after-start", "No event may end before it starts.", (RESULTS, RESULT),
     Row("results.events", ["end_offset_ms"], _not_before(_OFFSET))),
    ("start-after-run-created",
     "No conversation may start or end before its run was created (5 s of tolerance).", (RESULTS,),
     Row("results", ["start_time", "end_time"], _after())),
    ("evaluation-after-end",
     "No evaluation may be created before its run, or before its conversation ended (5 s of tolerance).",
     (RESULTS, RESULT), Row(_EVALUATION, ["created_at"], _after("end_time", "start_time"))),
    ("event-before-end", "No event may start after its conversation ended (5 s of tolerance).",
     (RESULTS, RESULT), Row("results.events", [_OFFSET], _during_the_conversation)),
    ("not-in-the-far-future",
     "No time may be more than a year after the response's Date header or, without one, the local clock.",
     (RESULTS, RESULT, RUNS),
     Row("runs", ["created_at"], _not_far_away),
     Row("results", ["start_time", "end_time"], _not_far_away),
     Row(_EVALUATION, ["created_at", "last_edited_at"], _not_far_away),
     Row(f"{_EVALUATION}.custom_metrics", ["last_edited_at"], _not_far_away)),
    ("measures-not-negative", "No duration, offset, number of turns or latency may be negative.",
     (RESULTS, RESULT),
     Row("results", ["duration"], _POSITIVE),
     Row("results.events", [_OFFSET, "end_offset_ms"], _POSITIVE),
     Row("results.tool_calls.actual", [_OFFSET], _POSITIVE),
     Row(_EVALUATION, ["num_turns", "avg_agent_latency"], _POSITIVE),
     Row(f"{_EVALUATION}.latency", LATENCIES["latency"], _POSITIVE),
     Row(f"{_EVALUATION}.filler_ignored_latency", LATENCIES["filler_ignored_latency"], _POSITIVE)),
    ("percentage-in-range", "agent_speak_percentage must be between 0 and 100.", (RESULTS, RESULT),
     Row(_EVALUATION, ["agent_speak_percentage"], _between(0, 100))),
)  # fmt: skip


def _bounds(rows: Sequence[Row]) -> Callable[[Contract, Exchange], Iterator[Finding]]:
    return lambda _, exchange: (found for row in rows for found in row.broken(exchange))


RULES = tuple(
    Rule(name, Severity.SUSPICIOUS, description, _bounds(rows), success(*operations))
    for name, description, operations, *rows in _TABLE
)
