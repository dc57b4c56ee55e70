"""A figure is the same everywhere: the same number, or the same reason why there is none."""

import json
from typing import Any

from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.compare import compare
from bluejay_results.gate import FigureRule, Operator, Unit
from bluejay_results.json_output import to_json
from bluejay_results.report.charts import latency_rows
from bluejay_results.results.aggregate import Aggregate
from bluejay_results.results.figures import LATENCIES, FigureObstacle, RunFigure
from bluejay_results.results.run_figures import figures
from bluejay_results.writing.numbers import number_text, obstacle_of_figure
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from ..gate.runs import judged

Answer = tuple[float | None, FigureObstacle | None]

HOUR = "2026-11-19T16:04:00Z"
VALUES = {
    "quantitative": ("1", "2.5", "4", "9", "n/a", "none"),
    "yes_no": ("yes", "No.", "not applicable", "perhaps"),
    "qualitative": ("polite",),
}
"""Answers to metrics, by type. `9` is out of range; `none` and `perhaps` are unreadable."""
LATENCIES_OF_RUNS = ((0.7, 1.2, 2.5, 5), (150, 300, 900, 1200, 1800), (0.7, 300, 900, 0))
"""Latencies for runs in seconds, for runs in milliseconds, and for runs whose unit is unclear."""
FLAG = st.sampled_from([True, False, None])


@st.composite
def _metrics(draw: st.DrawFn) -> dict[str, Any]:
    name, kind = draw(
        st.sampled_from([("tone", "quantitative")] * 6 + [("tone", "yes_no"), ("id", "yes_no")])
    )
    kind = draw(st.sampled_from([kind] * 9 + ["qualitative"]))
    human = draw(st.sampled_from([None, None, *VALUES[kind]]))
    return {
        "name": name,
        "description": "",
        "response_type": kind,
        "response_value": draw(st.sampled_from(VALUES[kind])),
        "human_response_value": human,
        "min_value": 1 if kind == "quantitative" else None,
        "max_value": 5 if kind == "quantitative" else None,
    }


@st.composite
def _evaluations(draw: st.DrawFn, latencies: tuple[float, ...]) -> dict[str, Any]:
    measured = st.sampled_from([*latencies, *latencies, 0, None])
    latency = {f"{each}_agent_latency": draw(measured) for each in ("p50", "p95", "max")}
    flags = {each: draw(FLAG) for each in ("hallucination", "human_hallucination", "redundancy")}
    return builders.evaluation(
        avg_agent_latency=draw(measured) or 0,
        latency=latency,
        created_at=draw(st.sampled_from([HOUR, "2026-11-19T17:04:00Z"])),
        custom_metrics=draw(st.lists(_metrics(), max_size=3)),
        **flags,
    )


@st.composite
def runs(draw: st.DrawFn, id_: str) -> SimulationRun:
    """Draw a settled run. Conversations can be void, and answers missing, unreadable or corrected."""
    status = st.sampled_from(["COMPLETED"] * 7 + ["SYSTEM_ERROR", "NO_ANSWER"])
    human = st.sampled_from([1, 2, 3, 4, None])
    one = _evaluations(draw(st.sampled_from(LATENCIES_OF_RUNS)))
    evaluations = st.lists(one, min_size=1, max_size=1) | st.lists(one, max_size=2)
    listed = [
        builders.result(
            number, status=draw(status), evaluations=draw(evaluations), digital_human_id=draw(human)
        )
        for number in range(1, draw(st.integers(1, 7)) + 1)
    ]
    missing = draw(st.sampled_from([0, 0, 0, 1]))
    return builders.saved_run(*listed, id=id_, total_tests=len(listed) + missing)


def _answer(figure: RunFigure) -> Answer:
    return figure.value, figure.obstacle


def _by_a_rule(run: SimulationRun, figure: RunFigure) -> RunFigure:
    """The figure as a gate rule computes it."""
    is_minimum = figure.aggregate is Aggregate.MIN
    unit = {"%": Unit.PERCENT, "ms": Unit.MILLISECONDS}.get(figure.unit)
    operator = Operator.AT_LEAST if is_minimum else Operator.AT_MOST
    rule = FigureRule(figure.aggregate, figure.figure, figure.is_metric, operator, 3, unit)
    found = judged(run, require=(rule,)).findings[-1]
    assert found.figure
    assert (found.lowest, found.obstacle, found.sample) == (*_answer(found.figure), found.figure.sample)
    return found.figure


def _only(run: SimulationRun, callers: set[int | None]) -> SimulationRun:
    """The run with only these callers' conversations, but with the full run's latency unit."""
    document = json.loads(run.responses[0].body)
    kept = [each for each in document["simulation_results"] if each["digital_human_id"] in callers]
    document["simulation_results"] = kept
    document["simulation_run"]["total_tests"] = len(kept)
    return SimulationRun.from_bytes(builders.encoded(document)).in_unit(run.latency_unit)


@given(run=runs("1"))
def test_each_figure_is_the_same_in_a_rule_and_in_the_run_and_in_its_json(run: SimulationRun) -> None:
    written = json.loads(to_json(run))["figures"]
    of_verdict = figures(judged(run).run)
    assert [each["name"] for each in written] == [each.name for each in figures(run)]
    for each, in_json, other in zip(figures(run), written, of_verdict, strict=True):
        obstacle = each.obstacle and each.obstacle.name.lower()
        assert (in_json["value"], in_json["obstacle"]) == (each.value, obstacle)
        assert each == other == _by_a_rule(run, each)


@given(run=runs("1"), unit=st.sampled_from([None, *LatencyUnit]))
def test_the_report_and_the_rules_have_the_same_latencies_in_the_same_unit(
    run: SimulationRun, unit: LatencyUnit | None
) -> None:
    for row in latency_rows(judged(run, latency_unit=unit)):
        assert row.name in LATENCIES
        for kind, text in zip((Aggregate.MIN, Aggregate.MEDIAN, Aggregate.MAX), row.spread, strict=True):
            found = _by_a_rule(run.in_unit(unit), RunFigure(kind, row.name, False))
            assert text == ("-" if found.value is None else number_text(found.value, "ms"))
            assert row.obstacle == obstacle_of_figure(found)


@given(base=runs("1"), run=runs("2"))
def test_a_comparison_has_the_figures_of_runs_with_only_the_compared_callers(
    base: SimulationRun, run: SimulationRun
) -> None:
    comparison = compare(base, run)
    callers = {each.now.id for each in comparison.pairs}
    for side, compared in (
        (base, [each.base for each in comparison.deltas]),
        (run, [each.now for each in comparison.deltas]),
    ):
        only = _only(side, callers)
        for each in compared:
            if each.figure not in LATENCIES or only.latency_unit is side.latency_unit:
                assert each == _by_a_rule(only, each)
