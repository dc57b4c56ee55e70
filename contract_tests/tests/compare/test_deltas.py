"""The changes of all figures except the pass rate."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import Delta, compare

from .. import builders

RATED = ("yes_no", "pass_fail", "Yes_No")


def _run(id_: str, *evaluations: dict[str, Any], **fields: Any) -> SimulationRun:
    """A run with a conversation for each of these evaluations."""
    listed = [
        builders.result(number, evaluations=[builders.evaluation(**({"avg_agent_latency": None} | each))])
        for number, each in enumerate(evaluations, 1)
    ]
    listed += fields.pop("others", [])
    return builders.saved_run(*listed, id=id_, total_tests=len(listed), **fields)


def _metric(name: str, kind: str, value: str) -> dict[str, Any]:
    answer = {"name": name, "description": "", "response_type": kind, "response_value": value}
    return {"custom_metrics": [answer]}


def _latency(p95: float) -> dict[str, Any]:
    return {"avg_agent_latency": p95, "latency": {"p95_agent_latency": p95}}


def test_latencies_are_compared_by_their_lower_median_in_milliseconds() -> None:
    base = _run("1", *map(_latency, (800, 900, 1000, 1100)))
    run = _run("2", *map(_latency, (0.7, 0.8, 2.5)))
    assert compare(base, run).deltas == (
        Delta("median(latency.average)", "ms", 900, 800),
        Delta("median(latency.p95)", "ms", 900, 800),
    )


@pytest.mark.parametrize("flag", ["hallucination", "redundancy"])
def test_a_figure_that_is_yes_or_no_is_compared_by_the_rate_of_yes(flag: str) -> None:
    base, run = _run("1", {flag: True}, {flag: False}), _run("2", {flag: False}, {})
    assert compare(base, run).deltas == (Delta(f"rate({flag})", "%", 50, 0),)


@pytest.mark.parametrize(
    ("kind", "before", "now", "expected"),
    [
        *((each, ("yes", "no"), ("Yes.", "not applicable"), ("rate", "%", 50, 100)) for each in RATED),
        ("quantitative", ("3", "4"), ("5", "unreadable"), ("mean", "", 3.5, 5)),
    ],
)
def test_metrics_are_compared_by_the_mean_of_numbers_or_the_rate_of_yes_answers(
    kind: str, before: tuple[str, ...], now: tuple[str, ...], expected: tuple[str, str, float, float]
) -> None:
    base, run = (
        _run(id_, *(_metric('task "score"', kind, each) for each in answers))
        for id_, answers in (("1", before), ("2", now))
    )
    aggregate, unit, first, second = expected
    assert compare(base, run).deltas == (Delta(f'{aggregate}("task \\"score\\"")', unit, first, second),)


def test_a_figure_has_no_change_if_only_one_run_contains_the_figure() -> None:
    text, number = _metric("tone", "qualitative", "4"), _metric("politeness", "quantitative", "4")
    deltas = compare(_run("1", text), _run("2", number)).deltas
    assert deltas == (Delta('mean("politeness")', "", None, 4),)
    assert deltas[0].change is None


def test_figures_include_unknown_conversations_but_no_void_conversations() -> None:
    flagged = {"evaluations": [builders.evaluation(hallucination=True)]}
    void = builders.result(9, status="SYSTEM_ERROR", **flagged)
    unknown = builders.result(9, status="NO_ANSWER", **flagged)
    fine = [{"hallucination": False}] * 4
    base, run = _run("1", *fine, others=[void]), _run("2", *fine[1:], others=[unknown])
    assert Delta("rate(hallucination)", "%", 0, 25) in compare(base, run).deltas
