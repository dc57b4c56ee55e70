"""The texts of gate, the page, compare and show for each situation; the YAML files contain the situations."""

from collections.abc import Iterator
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.cli.compare_outputs import comparison_lines
from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.cli.run_text import report
from bluejay_results.compare import compare
from bluejay_results.errors import ServerError
from bluejay_results.gate import Rules, Verdict, gate
from bluejay_results.gate.next_step import next_step
from rich.console import Console

from .. import builders
from ..compare import sides
from ..gate import runs as of_gate
from ..gate.runs import VOID
from .building import merged
from .layout import laid_out
from .notation import cases

SCREEN = Console(width=9999)
Runs = SimulationRun | list[SimulationRun]
Situation = tuple[Runs, Any, dict[str, Any]]
"""The runs, the base run and the rules."""


def judging(runs: Runs, base: Any = None, **rules: Any) -> Situation:
    return runs, base, rules


def by_figures(run: SimulationRun, *require: str, **rules: Any) -> Situation:
    return _only(run, require=require, **rules)


def must_pass(runs: Runs, *callers: int, **rules: Any) -> Situation:
    return _only(runs, must_pass=callers, **rules)


def beside(base: SimulationRun, run: SimulationRun, **rules: Any) -> Situation:
    return _only(run, base, **rules)


def _only(runs: Runs, base: Any = None, **rules: Any) -> Situation:
    """Judge by these rules, without those that apply by default."""
    return runs, base, {"min_pass_rate": 0, "max_always_failing": 99} | rules


def with_reasons(count: int) -> list[dict[str, Any]]:
    """Return failed conversations, each with a reason of its own."""
    reasons = (
        builders.evaluation(goal_success=False, goal_reasoning=f"Reason {each}.") for each in range(count)
    )
    return [{"evaluations": [each]} for each in reasons]


def long(passed: int, others: str = "") -> str:
    return "P" * passed + others


evaluation, call_of, result, saved_run = (
    *(builders.evaluation, builders.tool_calls, builders.result, builders.saved_run),
)
FINE, FLAGGED = ({"evaluations": [evaluation(hallucination=each)]} for each in (False, True))
LATENCIES = of_gate.evaluated({"avg_agent_latency": 900}, {"avg_agent_latency": 2100})
NO_CALLS = {"tool_calls": [call_of(actual=0)]}
MISSES_A_CALL = {"tool_calls": [call_of("find"), call_of("book", actual=0)]}
DISAGREE = {"evaluations": [evaluation(hallucination=each) for each in (True, False)]}
FUNDS, CANCELLED = merged(VOID, {"status": "OUT_OF_FUNDS"}), merged(VOID, {"status": "CANCELLED"})
NOT_READ = ServerError("503: The service failed.", status_code=503)
WORDS = vars(of_gate) | vars(sides) | globals()
SITUATIONS: dict[str, Situation] = cases("verdicts.yaml", WORDS)
COMPARED: dict[str, list[SimulationRun]] = cases("comparisons.yaml", WORDS)
RUNS: dict[str, SimulationRun] = cases("runs.yaml", WORDS)


def verdicts() -> Iterator[str]:
    """Yield the texts that the gate and the page show for each situation."""
    yield from laid_out((name, _told(name)) for name in SITUATIONS)


def comparisons() -> Iterator[str]:
    """Yield the texts that compare prints for each pair of runs."""
    found = ((name, compare(base, run)) for name, (base, run) in COMPARED.items())
    told = ((name, comparison_lines(each, SCREEN)) for name, each in found)
    yield from laid_out((name, [each.plain for each in lines]) for name, lines in told)


def runs() -> Iterator[str]:
    """Yield what `show` prints about each run."""
    yield from laid_out((name, (each.plain for each in report(run, SCREEN))) for name, run in RUNS.items())


def judged(name: str) -> Verdict:
    """Return the verdict in a situation."""
    listed, base, rules = SITUATIONS[name]
    return gate(listed, Rules(**rules), base=base)


def _told(name: str) -> Iterator[str]:
    verdict = judged(name)
    yield from (each.plain for each in gate_lines(verdict, SCREEN))
    yield f"Next: {next_step(verdict)}"
