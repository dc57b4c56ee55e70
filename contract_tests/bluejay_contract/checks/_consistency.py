"""Rules across fields: what the schema allows and no real run has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity, Words

from ._applies import has_run
from ._document import (
    Object,
    evaluations_of,
    has_ended,
    is_settled,
    number,
    objects,
    results_of,
    run_of,
    time,
)
from ._rule import Finding, Rule

COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")
PERCENTILES = ("p50", "p90", "p95", "p99", "max")


def _counters_not_negative(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No counter of a run is negative."""
    run = run_of(exchange)
    for name in COUNTERS:
        if (number(run, name) or 0) < 0:
            yield f"$.simulation_run.{name}", "0 or more", run[name]


def _passed_within_total(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No more conversations passed than there are."""
    run = run_of(exchange)
    passed, total = number(run, "tests_passed"), number(run, "total_tests")
    if passed is not None and total is not None and passed > total:
        yield "$.simulation_run.tests_passed", f"at most total_tests, {total}", passed


def _verdicts_add_up(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Passed and failed make up the total of a settled run, and never exceed it."""
    yield from _sum(exchange, "tests_passed", "tests_failed")


def _completions_add_up(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Completed and incompleted make up the total of a settled run, and never exceed it."""
    yield from _sum(exchange, "tests_completed", "tests_incompleted")


def _results_of_a_completed_run(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A completed run with conversations lists results."""
    run = run_of(exchange)
    if (
        run.get("status") == "COMPLETED"
        and (number(run, "total_tests") or 0) > 0
        and not results_of(exchange)
    ):
        yield "$.simulation_results", "results", exchange.document.get("simulation_results")


def _results_counted(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A run that has ended lists as many results as it has conversations."""
    run, total = run_of(exchange), number(run_of(exchange), "total_tests")
    count = len(results_of(exchange))
    if has_ended(run) and total is not None and count and count != total:
        yield "$.simulation_results", f"{total} results", Words(f"{count} results")


def _unique_result_ids(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two results have one id."""
    ids = Counter(number(result, "id") for _, result in results_of(exchange))
    for path, result in results_of(exchange):
        if number(result, "id") is not None and ids[number(result, "id")] > 1:
            yield f"{path}.id", "an id of its own", result["id"]


def _end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No conversation ends before it starts."""
    for path, result in results_of(exchange):
        start, end = time(result, "start_time"), time(result, "end_time")
        if start and end and end < start:
            yield f"{path}.end_time", f"not before {result['start_time']}", result["end_time"]


def _event_end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No event ends before it starts."""
    for path, result in results_of(exchange):
        for where, event in objects(result, "events", path):
            start, end = number(event, "start_offset_ms"), number(event, "end_offset_ms")
            if start is not None and end is not None and end < start:
                yield f"{where}.end_offset_ms", f"{start} or more", end


def _measures_not_negative(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No duration, offset, number of turns or latency is negative."""
    for path, holder, names in _measures(exchange):
        for name in names:
            if (number(holder, name) or 0) < 0:
                yield f"{path}.{name}", "0 or more", holder[name]


def _percentiles_in_order(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No percentile is above a higher one, nor the mean above the maximum; 0 means not measured."""
    for path, latency, suffix in _latencies(exchange):
        measured = [(each, number(latency, f"{each}_{suffix}")) for each in PERCENTILES]
        known = [(name, value) for name, value in measured if value]
        for (_, lower), (name, higher) in pairwise(known):
            if lower > higher:
                yield f"{path}.{name}_{suffix}", f"{lower} or more", higher
        mean, maximum = number(latency, f"avg_{suffix}"), number(latency, f"max_{suffix}")
        if mean and maximum and mean > maximum:
            yield f"{path}.avg_{suffix}", f"{maximum} or less", mean


def _percentages(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """agent_speak_percentage is between 0 and 100."""
    for path, evaluation in evaluations_of(exchange):
        value = number(evaluation, "agent_speak_percentage")
        if value is not None and not 0 <= value <= 100:
            yield f"{path}.agent_speak_percentage", "0 to 100", value


def _metric_in_range(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's answer is within its own range."""
    for path, metric in _metrics(exchange):
        low, high, answer = number(metric, "min_value"), number(metric, "max_value"), _answer(metric)
        if low is not None and high is not None and low > high:
            yield f"{path}.min_value", f"at most max_value, {high}", low
        elif answer is not None and not (low is None or answer >= low):
            yield f"{path}.response_value", f"{low} or more", answer
        elif answer is not None and not (high is None or answer <= high):
            yield f"{path}.response_value", f"{high} or less", answer


def _metric_of_its_type(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's answer is of the type that was asked for."""
    for path, metric in _metrics(exchange):
        kind, value = str(metric.get("response_type")).lower(), metric.get("response_value")
        options = metric.get("enum_options")
        if kind in {"number", "integer", "float", "score"}:
            if isinstance(value, str) and _answer(metric) is None:
                yield f"{path}.response_value", "a number", value
        elif kind in {"boolean", "bool"}:
            if str(value).lower() not in {"true", "false"}:
                yield f"{path}.response_value", "true or false", value
        elif isinstance(options, list) and options and value not in options:
            yield f"{path}.response_value", "one of its enum_options", value


def _status_repeated(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body repeats the HTTP status as a string."""
    if run_of(exchange) and exchange.document.get("status", "200") != "200":
        yield "$.status", "200", exchange.document["status"]


def _sum(exchange: Exchange, first: str, second: str) -> Iterator[Finding]:
    run = run_of(exchange)
    one, other, total = number(run, first), number(run, second), number(run, "total_tests")
    if one is None or other is None or total is None:
        return
    if one + other > total or (is_settled(exchange) and one + other < total):
        yield f"$.simulation_run.{first}", f"with {second} a sum of total_tests, {total}", one + other


def _measures(exchange: Exchange) -> Iterator[tuple[str, Object, tuple[str, ...]]]:
    for path, result in results_of(exchange):
        yield path, result, ("duration",)
        for where, event in objects(result, "events", path):
            yield where, event, ("start_offset_ms", "end_offset_ms")
        for where, group in objects(result, "tool_calls", path):
            for place, call in objects(group, "actual", where):
                yield place, call, ("start_offset_ms",)
    for path, evaluation in evaluations_of(exchange):
        yield path, evaluation, ("num_turns", "avg_agent_latency")
    for path, latency, suffix in _latencies(exchange):
        yield path, latency, tuple(f"{each}_{suffix}" for each in ("avg", *PERCENTILES))


def _latencies(exchange: Exchange) -> Iterator[tuple[str, Object, str]]:
    for path, evaluation in evaluations_of(exchange):
        for name, suffix in (("latency", "agent_latency"), ("filler_ignored_latency",) * 2):
            if isinstance(evaluation.get(name), dict):
                yield f"{path}.{name}", evaluation[name], suffix


def _metrics(exchange: Exchange) -> Iterator[tuple[str, Object]]:
    for path, evaluation in evaluations_of(exchange):
        yield from objects(evaluation, "custom_metrics", path)


def _answer(metric: Object) -> float | None:
    try:
        return float(metric["response_value"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


RULES = (
    Rule("counters-not-negative", Severity.SUSPICIOUS, _counters_not_negative, has_run),
    Rule("passed-within-total", Severity.SUSPICIOUS, _passed_within_total, has_run),
    Rule("verdicts-add-up", Severity.SUSPICIOUS, _verdicts_add_up, has_run),
    Rule("completions-add-up", Severity.SUSPICIOUS, _completions_add_up, has_run),
    Rule("results-of-a-completed-run", Severity.SUSPICIOUS, _results_of_a_completed_run, has_run),
    Rule("results-counted", Severity.SUSPICIOUS, _results_counted, has_run),
    Rule("unique-result-ids", Severity.SUSPICIOUS, _unique_result_ids, has_run),
    Rule("end-after-start", Severity.SUSPICIOUS, _end_after_start, has_run),
    Rule("event-end-after-start", Severity.SUSPICIOUS, _event_end_after_start, has_run),
    Rule("measures-not-negative", Severity.SUSPICIOUS, _measures_not_negative, has_run),
    Rule("percentiles-in-order", Severity.SUSPICIOUS, _percentiles_in_order, has_run),
    Rule("percentages", Severity.SUSPICIOUS, _percentages, has_run),
    Rule("metric-in-range", Severity.SUSPICIOUS, _metric_in_range, has_run),
    Rule("metric-of-its-type", Severity.SUSPICIOUS, _metric_of_its_type, has_run),
    Rule("status-repeated", Severity.SUSPICIOUS, _status_repeated, has_run),
)
