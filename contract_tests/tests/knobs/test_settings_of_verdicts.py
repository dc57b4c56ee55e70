"""Every rule and every argument of the functions about verdicts changes what they decide or return."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import fields
from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.export import to_rows
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.reports import comment, summary
from bluejay_results.measuring.measurement import MeasurementRules
from bluejay_results.report import html_report
from bluejay_results.report.charts import HistoryRow
from bluejay_results.report.page import CIJob, page
from contract_kit.tests.tables import table

from ..cli.command import InProcess
from ..gate.runs import FAILED, PASSED, VOID, callers, conversations, evaluated, metrics, run_of

LATENCIES = evaluated({"avg_agent_latency": 0.5}, {"avg_agent_latency": 300})
LIMIT = {"require": "max(latency.average) <= 1 s"}
KNOBS: dict[str, tuple[SimulationRun, dict[str, Any], Any]] = {
    "min_pass_rate": (conversations(4, 1), {}, 90),
    "max_always_failing": (callers(*[(5, 0)] * 9, (0, 5)), {}, 1),
    "must_pass": (callers(*[(4, 0)] * 9, (1, 1)), {}, 109),
    "require": (metrics("4"), {}, "mean(politeness) >= 5"),
    "confident": (conversations(4, 1), {}, True),
    "min_conversations": (conversations(4, 1), {}, 6),
    "max_void": (conversations(7, void=3), {}, 30),
    "no_counters": (run_of(PASSED, tests_passed=0), {}, True),
    "latency_unit": (LATENCIES, LIMIT, "ms"),
}
"""For each rule, a run, other rules, and a value that changes the decision about this run."""


def test_each_rule_has_a_value_that_changes_a_decision() -> None:
    assert [*KNOBS] == [each.name for each in fields(Rules)]


@table("name", KNOBS)
def test_a_rule_decides_the_same_in_python_in_an_option_and_in_a_file(name: str, tmp_path: Path) -> None:
    command = InProcess("http://127.0.0.1:9")
    run, others, value = KNOBS[name]
    option = name.replace("_", "-")
    (tmp_path / "run.json").write_bytes(run.responses[0].body)
    (tmp_path / "rules.toml").write_text(f"[tool.bluejay-results.gate]\n{option} = {json.dumps(value)}\n")
    line = ("gate", "run.json", *(each for key, text in others.items() for each in (f"--{key}", text)))
    given = [f"--{option}"] if value is True else [f"--{option}", f"{value}"]
    before = gate(run, Rules(**others))
    after = gate(run, Rules(**others | {name: value}))
    assert before.exit_code != after.exit_code
    assert command(*line, cwd=tmp_path).code == before.exit_code
    assert command(*line, *given, cwd=tmp_path).code == after.exit_code
    assert command(*line, "--config", "rules.toml", cwd=tmp_path).code == after.exit_code


BASE = run_of(FAILED, PASSED, id="1")
RUN = run_of(PASSED | {"audio_url": "https://files.example/a.wav"}, FAILED, VOID, id="2")
VERDICT = gate(RUN)
ROWS = [HistoryRow.of(gate(each)) for each in (BASE, RUN)]
ARGUMENTS: dict[Callable[..., Any], tuple[tuple[Any, ...], dict[str, Any]]] = {
    gate: ((RUN,), {"rules": Rules(max_void=50), "base": BASE}),
    compare: ((BASE, RUN), {"measured_by": MeasurementRules(max_void=50)}),
    html_report: (
        (RUN,),
        {"rules": Rules(max_void=50), "base": BASE, "history": [BASE, RUN], "with_links": True},
    ),
    page: ((VERDICT,), {"history": ROWS, "name": "nightly", "job": CIJob("c0ffee"), "with_links": True}),
    summary: ((VERDICT,), {"name": "nightly", "limit": 400}),
    comment: ((VERDICT,), {"name": "nightly"}),
    to_rows: ((RUN, "conversations"), {"with_links": True}),
    MeasurementRules: ((), {"min_conversations": 2, "max_void": 21, "no_counters": True}),
    CIJob: ((), {"commit": "c0ffee", "url": "https://ci.example"}),
}
"""For each function, its required arguments, and another value for each optional one."""


@table("function", ARGUMENTS)
def test_each_optional_argument_changes_what_the_function_returns(function: Callable[..., Any]) -> None:
    needed, changed = ARGUMENTS[function]
    optional = [
        name
        for name, each in inspect.signature(function).parameters.items()
        if each.default is not inspect.Parameter.empty
    ]
    assert [*changed] == optional
    assert [
        name for name in optional if function(*needed, **{name: changed[name]}) == function(*needed)
    ] == []
