"""Rules about durations, offsets, latencies and percentages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .applicability import has_results
from .document import Object, evaluations_of, number, objects, results_of
from .rule import Finding, Rule

PERCENTILES = ("p50", "p90", "p95", "p99", "max")


def _measures_not_negative(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No duration, offset, number of turns or latency may be negative."""
    for path, holder, names in _measures(exchange):
        for name in names:
            if (number(holder, name) or 0) < 0:
                yield f"{path}.{name}", "0 or more", holder[name]


def _percentiles_in_order(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Percentiles must be in order, and the mean must not exceed the maximum; 0 means not measured."""
    for path, latency, suffix in _latencies(exchange):
        measured = [(each, number(latency, f"{each}_{suffix}")) for each in PERCENTILES]
        known = [(name, value) for name, value in measured if value]
        for (_, lower), (name, higher) in pairwise(known):
            if lower > higher:
                yield f"{path}.{name}_{suffix}", f"{lower} or more", higher
        mean, maximum = number(latency, f"avg_{suffix}"), number(latency, f"max_{suffix}")
        if mean and maximum and mean > maximum:
            yield f"{path}.avg_{suffix}", f"{maximum} or less", mean


def _percentage_in_range(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """agent_speak_percentage must be between 0 and 100."""
    for path, evaluation in evaluations_of(exchange):
        value = number(evaluation, "agent_speak_percentage")
        if value is not None and not 0 <= value <= 100:
            yield f"{path}.agent_speak_percentage", "0 to 100", value


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


RULES = (
    Rule("measures-not-negative", Severity.SUSPICIOUS, _measures_not_negative, has_results),
    Rule("percentiles-in-order", Severity.SUSPICIOUS, _percentiles_in_order, has_results),
    Rule("percentage-in-range", Severity.SUSPICIOUS, _percentage_in_range, has_results),
)
