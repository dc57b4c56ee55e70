"""The recipes in docs/export.md give the figures of the gate."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import SimulationRun
from bluejay_results.export import export
from bluejay_results.gate import Rules, gate

from ... import builders
from ...docs.test_docs import ROOT

NAMES = {
    "p90": "p90(latency.p95) <= 1 ms",
    "median": "median(latency.p95) <= 1 ms",
    "hallucination": "rate(hallucination) <= 1 %",
}


def _conversation(id_: int, **fields: Any) -> dict[str, Any]:
    p95, score, passes = (fields.pop(each, None) for each in ("p95", "score", "passes"))
    metrics = [
        {"name": name, "description": "", "response_type": kind, "response_value": value}
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


def _by_the_gate(run: SimulationRun, rule: str) -> float | None:
    return gate(run, Rules(require=[rule], max_void=100, no_counters=True)).runs[0].findings[-1].lowest


def test_the_recipes_for_figures_give_the_figures_of_the_gate(
    bluejay_stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = {"made": MADE}
    with bluejay_stub.client() as client:
        for name in ("settled", "repeats"):
            run = client.retrieve(SCENARIOS[name].run_id, complete=True)
            runs[run.id] = run
    export(runs.items(), str(tmp_path / "runs"))
    page = (ROOT / "docs" / "export.md").read_text()
    [recipe] = [
        each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "quantile_disc" in each
    ]
    (tmp_path / "recipe.py").write_text(recipe)
    monkeypatch.chdir(tmp_path)
    found = runpy.run_path("recipe.py")
    compared = list[str]()
    for run_id, *values in found["figures"].fetchall():
        for (name, rule), value in zip(NAMES.items(), values, strict=True):
            expected = _by_the_gate(runs[run_id], rule)
            assert expected is None or value == pytest.approx(expected), (run_id, rule)
            compared += [] if expected is None else [name]
    for run_id, metric, mean in found["metrics"].fetchall():
        rules = f'mean("{metric}") >= 1', f'rate("{metric}") >= 1 %'
        by_the_gate = [_by_the_gate(runs[run_id], each) for each in rules]
        known = [each for each in by_the_gate if each is not None]
        assert known in ([], [pytest.approx(mean)]), (run_id, metric)
        compared += [metric] * len(known)
    assert {*NAMES, "task score", "kind"} <= {*compared}
