"""The recipes in docs/export.md compute the same figures as the gate."""

import datetime
import re
import runpy
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun
from bluejay_results.export import export
from bluejay_results.results.metrics import metrics
from bluejay_results.results.run_figures import figures

from ... import builders
from ...docs.test_docs import ROOT


def _metric(name: str, kind: str, value: str) -> dict[str, str]:
    return {"name": name, "description": "", "response_type": kind, "response_value": value}


def _conversation(id_: int, **fields: Any) -> dict[str, Any]:
    p95, score, passes = (fields.pop(each, None) for each in ("p95", "score", "passes"))
    metrics = [
        _metric(name, kind, value)
        for name, kind, value in (("task score", "quantitative", score), ("kind", "yes_no", passes))
        if value is not None
    ]
    answers = {
        "custom_metrics": metrics,
        "latency": {"p95_agent_latency": p95},
        "hallucination": id_ % 3 == 0,
    }
    return builders.result(id_, evaluations=[builders.evaluation(**answers)], **fields)


MADE = builders.saved_run(
    *(
        _conversation(id_, p95=100.0 * (id_ * 7 % 12), score=f"{id_ % 5}", passes=("yes", "no")[id_ % 2])
        for id_ in range(1, 12)
    ),
    _conversation(12, p95=9000.0, score="N/A", passes="n/a"),
    _conversation(13, p95=99_000.0, score="5", passes="yes", status="SYSTEM_ERROR"),
    id="made",
    total_tests=13,
)


OLDER = builders.saved_run(
    builders.result(
        21,
        digital_human_id=77,
        evaluations=[
            builders.evaluation(goal_success=False, custom_metrics=[_metric("task score", "yes_no", "yes")])
        ],
        tool_calls=[
            {"name": "book", "expected": [{}], "actual": [{"start_offset_ms": 1}]},
            {"name": "weather", "expected": [{}], "actual": []},
        ],
    ),
    _conversation(22, digital_human_id=77, score="4"),
    _conversation(23, digital_human_id=78, status="NO_ANSWER"),
    id="older",
    created_at="2026-10-05T23:30:00-05:00",
    total_tests=5,
)


SETTLED = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
RUNS = {each.id: each for each in (OLDER, SETTLED, MADE)}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The tables that the recipes produce for five questions."""
    page = (ROOT / "docs" / "export.md").read_text()
    [recipe] = [each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "weeks = " in each]
    place = tmp_path_factory.mktemp("answers")
    export(RUNS.items(), place / "runs")
    (place / "recipe.py").write_text(recipe)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield runpy.run_path("recipe.py")


def test_the_week_recipe_returns_the_rates_of_the_runs_in_a_week(answers: dict[str, Any]) -> None:
    """The older run was created at 4:30 on Tuesday, UTC."""
    rates = OLDER.pass_rate, OLDER.pass_rate_lowest, OLDER.pass_rate_highest
    first, *others = answers["weeks"].fetchall()
    assert first == (datetime.datetime(2026, 10, 5), 1, *rates)
    assert sum(count for _, count, *_ in others) == 2


def test_the_caller_recipe_returns_every_caller_that_failed(answers: dict[str, Any]) -> None:
    found = [each for run in RUNS.values() for each in run.callers if each.failed]
    expected = sorted((-each.failed / (each.passed + each.failed), str(each.id)) for each in found)
    rows = answers["callers"].fetchall()
    assert sorted((-failed / counted, caller) for caller, counted, failed in rows) == expected
    shares = [failed / counted for _, counted, failed in rows]
    assert shares == sorted(shares, reverse=True)


def test_the_latency_recipe_returns_the_figures_of_the_run(answers: dict[str, Any]) -> None:
    (older, *_), (settled, *latencies), (made, *_) = answers["latencies"].fetchall()
    assert (older, settled, made) == ("older", SETTLED.id, "made")
    computed = {each.name: each.value for each in figures(SETTLED)}
    assert latencies == [computed["median(latency.p50)"], computed["max(latency.p95)"]]


def test_the_tool_recipe_returns_the_tools_that_were_certainly_not_called(answers: dict[str, Any]) -> None:
    tools = [tool for run in RUNS.values() for each in run.failed for tool in each.missing_tools]
    assert dict(answers["tools"].fetchall()) == {each: tools.count(each) for each in tools}


def test_the_metric_recipe_returns_the_change_in_each_mean_per_name_and_type(answers: dict[str, Any]) -> None:
    scores = [each.number for row in MADE.results[:11] for each in metrics(row) if each.name == "task score"]
    mean = pytest.approx(sum(filter(None, scores)) / len(scores))
    rows = answers["changes"].fetchall()
    assert {(run_id, kind): change for run_id, name, kind, *change in rows if name == "task score"} == {
        ("older", "yes_no"): [100.0, None],
        ("older", "quantitative"): [4.0, None],
        ("made", "quantitative"): [mean, pytest.approx(sum(filter(None, scores)) / len(scores) - 4)],
    }
