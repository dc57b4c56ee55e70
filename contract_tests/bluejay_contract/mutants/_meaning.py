"""Mutants that every schema allows and no real run has: across fields, across reads, and drift."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from bluejay_contract.contract import Contract
from bluejay_contract.stub import Answer

from ._mutant import Mutant, encoded
from .base import base

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], object]


def _run(**fields: Any) -> Change:
    return lambda document: document["simulation_run"].update(fields)


def _whole(**fields: Any) -> Change:
    return lambda document: document.update(fields)


def _result(index: int = 0, **fields: Any) -> Change:
    return lambda document: document["simulation_results"][index].update(fields)


def _evaluation(**fields: Any) -> Change:
    return lambda document: document["simulation_results"][0]["evaluations"][0].update(fields)


def _inside(name: str, **fields: Any) -> Change:
    """Change an object, or the first of a list, within the first evaluation."""

    def change(document: Document) -> None:
        holder = document["simulation_results"][0]["evaluations"][0][name]
        (holder[0] if isinstance(holder, list) else holder).update(fields)

    return change


def _event(**fields: Any) -> Change:
    return lambda document: document["simulation_results"][0]["events"][0].update(fields)


def _results(*indexes: int) -> Change:
    return lambda document: document.update(
        simulation_results=[copy.deepcopy(document["simulation_results"][index]) for index in indexes]
    )


ACROSS_FIELDS: dict[str, tuple[str, Change]] = {
    "passed-over-total": ("more passed than there are", _run(tests_passed=4, tests_failed=-1)),
    "verdicts-too-few": ("passed and failed fall short of the total", _run(tests_failed=1)),
    "verdicts-too-many": ("passed and failed exceed the total", _run(tests_failed=3)),
    "completions-too-few": ("completed and incompleted fall short", _run(tests_completed=1)),
    "completions-too-many": ("completed and incompleted exceed the total", _run(tests_incompleted=2)),
    "completed-without-results": (
        "a completed run lists no results",
        _whole(simulation_results=[]),
    ),
    "result-missing": ("a result is missing", _results(0, 1)),
    "result-too-many": (
        "there are more results than conversations",
        _results(0, 1, 2, 2),
    ),
    "total-wrong": (
        "the total is not the number of results",
        _run(total_tests=4, tests_failed=3, tests_completed=3),
    ),
    "negative-total": (
        "a counter is negative",
        _run(total_tests=-3, tests_passed=None),
    ),
    "passed-over-total-alone": ("more passed than there are", _run(tests_passed=4, tests_failed=None)),
    "negative-completed": ("a counter is negative", _run(tests_completed=-1, tests_incompleted=None)),
    "negative-failed": ("a counter is negative", _run(tests_failed=-2, tests_passed=5)),
    "duplicate-ids": ("two results have one id", _result(1, id=910101)),
    "end-before-start": ("a conversation ends before it starts", _result(end_time="2026-11-19T16:04:09Z")),
    "end-before-start-by-zone": (
        "a conversation ends before it starts, once zones count",
        _result(end_time="2026-11-19T16:30:00+02:00"),
    ),
    "event-end-before-start": ("an event ends before it starts", _event(end_offset_ms=21399)),
    "event-negative": ("an event starts before its conversation", _event(start_offset_ms=-1)),
    "duration-negative": ("a duration is negative", _result(duration=-94000)),
    "turns-negative": ("a number of turns is negative", _evaluation(num_turns=-1)),
    "latency-negative": ("a latency is negative", _inside("latency", p50_agent_latency=-860)),
    "average-negative": ("a mean latency is negative", _evaluation(avg_agent_latency=-910)),
    "p50-over-p90": ("percentiles are out of order", _inside("latency", p50_agent_latency=1500)),
    "p90-over-p95": ("percentiles are out of order", _inside("latency", p90_agent_latency=1600)),
    "p99-over-maximum": ("a percentile is over the maximum", _inside("latency", p99_agent_latency=1700)),
    "average-over-maximum": ("the mean is over the maximum", _inside("latency", avg_agent_latency=1631)),
    "filler-p95-over-p99": (
        "percentiles without filler words are out of order",
        _inside("filler_ignored_latency", p95_filler_ignored_latency=2),
    ),
    "percentage-over-100": ("a percentage is over 100", _evaluation(agent_speak_percentage=100.5)),
    "percentage-negative": ("a percentage is negative", _evaluation(agent_speak_percentage=-0.5)),
    "metric-over-its-range": ("a metric is over its range", _inside("custom_metrics", response_value="6")),
    "metric-under-its-range": (
        "a metric is under its range",
        _inside("custom_metrics", response_value="0"),
    ),
    "metric-range-reversed": (
        "a range is reversed",
        _inside("custom_metrics", min_value=5, max_value=1),
    ),
    "metric-no-number": ("a numeric metric is no number", _inside("custom_metrics", response_value="four")),
    "metric-no-boolean": (
        "a boolean metric is neither true nor false",
        _inside("custom_metrics", response_type="boolean", response_value="4"),
    ),
    "metric-no-option": (
        "a choice is not among its options",
        _inside("custom_metrics", response_type="enum", response_value="blue", enum_options=["red"]),
    ),
    "status-contradicted": ("the body says 500 under 200", _whole(status="500")),
    "another-run": ("the response is about another run", _run(id="48214")),
    "another-run-by-zeros": ("the run's id has a zero in front", _run(id="048213")),
}

ACROSS_READS: dict[str, tuple[str, Change]] = {
    "run-restarted": ("a completed run is running again", _run(status="RUNNING")),
    "run-initializing": ("a completed run is initializing again", _run(status="INITIALIZING")),
    "another-end": ("a completed run has become incompleted", _run(status="INCOMPLETED")),
    "created-again": ("the run was created at another time", _run(created_at="2026-11-19T16:05:00Z")),
    "another-simulation": ("the run belongs to another simulation", _run(simulation_id="732")),
    "passed-shrinks": ("fewer passed than before", _run(tests_passed=0, tests_failed=3)),
    "completed-null": ("a counter became null", _run(tests_completed=None)),
    "result-gone": ("a result disappeared", _results(0, 1)),
    "result-swapped": ("a result has another id", _result(1, id=910199)),
    "result-restarted": ("an ended conversation is being scored again", _result(status="EVALUATING")),
    "another-caller": ("a conversation has another digital human", _result(digital_human_id=99)),
    "another-start": ("a conversation started at another time", _result(start_time="2026-11-19T16:04:11Z")),
    "evaluation-gone": ("an evaluation disappeared", _result(evaluations=[])),
    "evaluations-null": ("the evaluations became null", _result(evaluations=None)),
}

NEW_STATUSES = ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")


def meaning_mutants(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants that only a check which understands the fields can tell from a sound response."""
    sound = base(contract, 200, "settled_with_failures")
    before = Answer(encoded(sound))
    for name, (breaks, change) in ACROSS_FIELDS.items():
        answers = (_changed(sound, change),)
        yield Mutant(f"cross-field:{name}", "cross-field", breaks, answers, schema_forbids=False)
    for name, (breaks, change) in ACROSS_READS.items():
        reads = (before, _changed(sound, change))
        yield Mutant(f"cross-read:{name}", "cross-read", breaks, reads, schema_forbids=False)
    for status in NEW_STATUSES:
        answers = (_changed(sound, _result(status=status)),)
        breaks = f"a conversation's status is {status!r}"
        yield Mutant(f"drift:status:{status}", "drift", breaks, answers, schema_forbids=False)


def _changed(sound: Document, change: Change) -> Answer:
    document = copy.deepcopy(sound)
    change(document)
    return Answer(encoded(document))
