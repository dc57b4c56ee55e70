"""The changes in all figures except the pass rate."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.results.figures import FigureObstacle

from .. import builders

RATED = ("yes_no", "pass_fail", "Yes_No")
Found = list[tuple[str, float | None, float | None]]


def _run(id_: str, *evaluations: dict[str, Any], **fields: Any) -> SimulationRun:
    """A run with one conversation per evaluation, with callers 1, 2 and so on."""
    listed = [
        builders.result(
            number,
            digital_human_id=number,
            evaluations=[builders.evaluation(**({"avg_agent_latency": None} | each))],
        )
        for number, each in enumerate(evaluations, 1)
    ]
    listed += fields.pop("others", [])
    return builders.saved_run(*listed, id=id_, total_tests=len(listed), **fields)


def _changes(base: SimulationRun, run: SimulationRun) -> Found:
    return [(each.name, each.base.value, each.now.value) for each in compare(base, run).deltas]


def _metric(name: str, kind: str, value: str) -> dict[str, Any]:
    answer = {"name": name, "description": "", "response_type": kind, "response_value": value}
    return {"custom_metrics": [answer]}


def _latency(p95: float) -> dict[str, Any]:
    return {"avg_agent_latency": p95, "latency": {"p95_agent_latency": p95}}


def test_latencies_are_compared_by_their_lower_median_in_milliseconds() -> None:
    base = _run("1", *map(_latency, (800, 900, 1000, 1100)))
    run = _run("2", *map(_latency, (0.7, 0.8, 2.5, 3.1)))
    assert _changes(base, run) == [
        ("median(latency.average)", 900, 800),
        ("median(latency.p95)", 900, 800),
    ]


@pytest.mark.parametrize("flag", ["hallucination", "redundancy"])
def test_a_yes_or_no_figure_is_compared_by_its_rate(flag: str) -> None:
    base, run = _run("1", {flag: True}, {flag: False}), _run("2", {flag: False}, {})
    assert _changes(base, run) == [(f"rate({flag})", 50, 0)]


@pytest.mark.parametrize(
    ("kind", "before", "now", "expected"),
    [
        *((each, ("yes", "no"), ("Yes.", "not applicable"), ("rate", 50, 100)) for each in RATED),
        ("quantitative", ("3", "4"), ("5", "n/a"), ("mean", 3.5, 5)),
    ],
)
def test_metrics_are_compared_by_the_mean_of_numbers_or_the_rate_of_yes_answers(
    kind: str, before: tuple[str, ...], now: tuple[str, ...], expected: tuple[str, float, float]
) -> None:
    base, run = (
        _run(id_, *(_metric('task "score"', kind, each) for each in answers))
        for id_, answers in (("1", before), ("2", now))
    )
    aggregate, first, second = expected
    assert _changes(base, run) == [(f'{aggregate}("task \\"score\\"")', first, second)]


def test_a_figure_has_no_change_if_only_one_run_contains_the_figure() -> None:
    text, number = _metric("tone", "qualitative", "4"), _metric("politeness", "quantitative", "4")
    [new] = compare(_run("1", text), _run("2", number)).deltas
    [gone] = compare(_run("1", number), _run("2", text)).deltas
    assert (new.name, new.base.value, new.now.value, new.change) == ("mean(politeness)", None, 4, None)
    assert (gone.name, gone.base.value, gone.now.value, gone.change) == ("mean(politeness)", 4, None, None)
    assert new.base.obstacle is gone.now.obstacle is FigureObstacle.FEW_VALUES


def test_a_metric_whose_type_changed_has_no_value_in_the_run_where_the_type_does_not_fit() -> None:
    base, run = (_run("1", _metric("m", "yes_no", "yes")), _run("2", _metric("m", "quantitative", "4")))
    [delta] = compare(base, run).deltas
    assert (delta.name, delta.base.obstacle, delta.now.value) == ("mean(m)", FigureObstacle.TYPE_UNFIT, 4)


def test_figures_include_unknown_conversations_but_not_void_ones() -> None:
    flagged = {"evaluations": [builders.evaluation(hallucination=True)], "digital_human_id": 1}
    void = builders.result(9, status="SYSTEM_ERROR", **flagged)
    unknown = builders.result(9, status="NO_ANSWER", **flagged)
    fine = [{"hallucination": False}] * 4
    base, run = _run("1", *fine, others=[void]), _run("2", *fine[:3], others=[unknown])
    assert ("rate(hallucination)", 0, 25) in _changes(base, run)


def test_figures_leave_out_the_conversations_of_callers_that_are_not_compared() -> None:
    flagged = {"evaluations": [builders.evaluation(hallucination=True)]}
    others = [builders.result(9, digital_human_id=9, **flagged), builders.result(10, **flagged)]
    fine = [{"hallucination": False}] * 4
    for base, run in (
        (_run("1", *fine), _run("2", *fine, others=others)),
        (_run("1", *fine, others=others), _run("2", *fine)),
    ):
        assert ("rate(hallucination)", 0, 0) in _changes(base, run)


def test_latencies_use_the_unit_of_the_whole_run() -> None:
    """The compared caller's latency alone would not be enough to infer the unit."""
    slow = {"evaluations": [builders.evaluation(**_latency(900))]}
    others = [builders.result(id_, digital_human_id=None, **slow) for id_ in (8, 9)]
    base, run = (_run(id_, _latency(150), others=list(others)) for id_ in "12")
    assert _changes(base, run)[0] == ("median(latency.average)", 150, 150)
