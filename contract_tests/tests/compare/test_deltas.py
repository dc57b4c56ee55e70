"""Comparisons of the latency, flags and metrics of the callers that both sides have."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.compare import Delta, compare

from .. import builders
from ..gate.runs import run_of


def _measured(id_: str, *evaluations: dict[str, Any]) -> SimulationRun:
    """A run with one caller for each of these evaluations."""
    listed = (
        {"digital_human_id": caller, "evaluations": [builders.evaluation(**each)]}
        for caller, each in enumerate(evaluations)
    )
    return run_of(*listed, id=id_)


def test_deltas_exclude_the_figures_of_void_conversations() -> None:
    """The caller of the void conversation has judged conversations on both sides."""
    slow = {"evaluations": [builders.evaluation(avg_agent_latency=60_000, hallucination=True)]}
    good = {"evaluations": [builders.evaluation(avg_agent_latency=800, hallucination=False)]}
    base = run_of(*({"digital_human_id": each} | good for each in (1, 2)))
    void = {"digital_human_id": 1, "status": "OUT_OF_FUNDS"} | slow
    new = run_of(void, *({"digital_human_id": each} | good for each in (1, 2, 3)), id="48214")
    assert compare(base, new).deltas == (
        Delta("latency average", "ms", 800, 800),
        Delta("hallucination", "%", 0, 0),
    )


def _latency(p50: float, p90: float, p95: float) -> dict[str, Any]:
    return {"latency": {"p50_agent_latency": p50, "p90_agent_latency": p90, "p95_agent_latency": p95}}


def _metrics(**answers: str) -> dict[str, Any]:
    """Metrics with these answers; the name of a metric is also its type."""
    metrics = [
        {"name": kind, "description": "", "response_type": kind, "response_value": value}
        for kind, value in answers.items()
    ]
    return {"custom_metrics": metrics}


def test_metrics_flags_and_latencies_of_paired_callers_are_compared() -> None:
    base = _measured(
        "1",
        _latency(800, 1000, 1200) | {"hallucination": True} | _metrics(pass_fail="pass"),
        _latency(800, 1000, 1200) | {"hallucination": False} | _metrics(pass_fail="fail"),
        {"avg_agent_latency": 90_000} | _metrics(pass_fail="pass"),  # this caller is only in the base
    )
    new = _measured(
        "2",
        {"avg_agent_latency": 0.9} | _latency(0.8, 1.0, 2.5) | _metrics(quantitative="4"),
        {"avg_agent_latency": 0.7} | _metrics(qualitative="polite", enum="3", quantitative="5"),
    )
    assert compare(base, new).deltas == (
        Delta("latency average", "ms", 800, 800),
        Delta("latency p50", "ms", 800, 800),
        Delta("latency p90", "ms", 1000, 1000),
        Delta("latency p95", "ms", 1200, 2500),
        Delta("hallucination", "%", 50, None),
        Delta("pass_fail", "%", 50, None),
        Delta("quantitative", "", None, 4.5),
    )
    assert [each.change for each in compare(base, new).deltas] == [0, 0, 0, 1300, None, None, None]


def test_the_letter_case_of_the_name_and_answers_of_a_metric_is_ignored() -> None:
    base, new = _measured("1", _metrics(Pass_Fail="pass")), _measured("2", _metrics(pass_fail="Fail"))
    assert Delta("Pass_Fail", "%", 100, 0) in compare(base, new).deltas


def test_latencies_in_an_unknown_unit_are_left_out_and_noted() -> None:
    unclear = _measured("2", {"avg_agent_latency": 100}, {"avg_agent_latency": 110})
    comparison = compare(_measured("1", {}, {}), unclear)
    assert comparison.deltas == (Delta("latency average", "ms", 800, None),)
    assert comparison.notes == ("run 2: the unit of its latencies is unknown, so they are left out",)
