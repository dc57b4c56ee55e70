"""The texts of gate, the page and compare for each situation."""

from collections.abc import Iterator
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.cli.compare_outputs import comparison_lines
from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.compare import compare
from bluejay_results.errors import ServerError
from bluejay_results.gate import Rules, Verdict, gate
from bluejay_results.gate.next_step import next_step
from rich.console import Console

from .. import builders
from ..compare.sides import both, side
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, evaluated, metrics, run_of
from .layout import laid_out

SCREEN = Console(width=9999)
LATENCIES = evaluated(*[{"avg_agent_latency": each} for each in (900, 2100)])
FLAGGED = [{"evaluations": [builders.evaluation(hallucination=each)]} for each in [True, *[False] * 9]]
NO_CALLS = {"tool_calls": [builders.tool_calls(actual=0)]}
MISSES_A_CALL = {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]}
DISAGREE = {"evaluations": [builders.evaluation(hallucination=each) for each in (True, False)]}
FUNDS, CANCELLED = VOID | {"status": "OUT_OF_FUNDS"}, VOID | {"status": "CANCELLED"}


def _at(**status: str) -> dict[str, Any]:
    return {"evaluations": None, **status}


def _rule(*rules: str, **others: Any) -> dict[str, Any]:
    return {"require": rules, "min_pass_rate": 0, "max_always_failing": 99} | others


def _must_pass(*callers: int, **others: Any) -> dict[str, Any]:
    return {"must_pass": callers, "min_pass_rate": 0, "max_always_failing": 99} | others


def _of_caller_100(conversation: dict[str, Any]) -> dict[str, Any]:
    return {"digital_human_id": 100} | conversation


def _beside(base: SimulationRun, run: SimulationRun, **rules: Any) -> tuple[SimulationRun, dict[str, Any]]:
    return run, {"base": base, "min_pass_rate": 0, "max_always_failing": 99} | rules


_NOT_READ = ServerError("503: The service failed.", status_code=503)

SITUATIONS: dict[str, tuple[SimulationRun | list[SimulationRun], dict[str, Any]]] = {
    "ships": (conversations(16, 3), {}),
    "ships with one failure": (conversations(9, 1), {}),
    "ships without a failure": (conversations(5), {}),
    "ships even if the unknown one failed": (conversations(15, 3, 1), {"min_pass_rate": 75}),
    "ships even if the unknown ones failed": (conversations(15, 3, 2), {"min_pass_rate": 75}),
    "ships with confidence": (conversations(99, 1), {"confident": True}),
    "doesn't ship with confidence": (conversations(10, 30), {"confident": True}),
    "ships by a figure": (metrics("4"), _rule("mean(politeness) >= 4")),
    "doesn't ship": (conversations(1, 4), {}),
    "doesn't ship even if the unknown one passed": (conversations(15, 3, 1), {"min_pass_rate": 90}),
    "doesn't ship even if the unknown ones passed": (conversations(5, 4, 3), {}),
    "just below the minimum": (conversations(2, 1), {"min_pass_rate": 66.7}),
    "a caller always fails": (callers(*[(5, 0)] * 9, (0, 5)), {}),
    "a caller may always fail": (callers(*[(5, 0)] * 9, (0, 4, 1)), {}),
    "a caller may always fail, because of void ones": (callers(*[(5, 0)] * 9, (0, 3, 0, 2)), {}),
    "the only caller always fails": (callers((0, 5)), {"min_pass_rate": 0}),
    "no caller always fails": (callers(*[(5, 0)] * 4), {"min_pass_rate": 0}),
    "a caller failed twice": (callers((0, 2), (0, 2, 1), (1, 1), *[(3, 0)] * 9), {}),
    "a caller must pass and does": (callers((1, 0, 0, 1)), _must_pass(100, max_void=50)),
    "a caller must pass and fails": (callers((2, 1)), _must_pass(100)),
    "a caller must pass and fails in a run that ships": (callers(*[(4, 0)] * 9, (1, 1)), _must_pass(109)),
    "a caller must pass and is unknown": (callers((1, 0, 1)), _must_pass(100)),
    "a caller must pass and is unknown in the second run": (
        [callers((1, 0)), run_of(_of_caller_100(_at(status="NO_CONNECTION")), PASSED, id="48214")],
        _must_pass(100, max_void=50),
    ),
    "a caller must pass and is void": (callers((1, 0), (0, 0, 0, 1)), _must_pass(101, max_void=50)),
    "a caller must pass and doesn't call": (callers((1, 0)), _must_pass(57)),
    "a caller must pass in a run that isn't a valid measurement": (callers((1, 0, 0, 1)), _must_pass(100)),
    "not worse than the base run": _beside(*both((16, "P", "P"), (4, "P", "F"))),
    "worse than the base run": _beside(*both((15, "P", "P"), (5, "P", "F"))),
    "unknown decide about the base run": _beside(*both((14, "P", "P"), (4, "P", "F"), (2, "P", "U"))),
    "few callers of the base run": _beside(*both((4, "P", "P"))),
    "the base run isn't settled": _beside(
        side({1: "P"}, id="1", status="RUNNING"), side({1: "P"}, id="2"), min_pass_rate=80
    ),
    "the base run can't be read": (callers((1, 0)), {"base": _NOT_READ}),
    "several runs": ([conversations(16, 3), run_of(PASSED, FAILED, id="48214", simulation_id="733")], {}),
    "two rules are broken": (run_of(*FLAGGED, FAILED), _rule("rate(hallucination) < 5 %", min_pass_rate=95)),
    "more than": (metrics("4", "3"), _rule("min(politeness) > 3")),
    "at most, in seconds": (LATENCIES, _rule("max(latency.average) <= 2.1 s", "p90(latency.average) < 1 s")),
    "equal to the limit": (metrics("4", "4"), _rule("mean(politeness) > 4")),
    "less than 100 %": (run_of(*[FLAGGED[0]] * 2), _rule("rate(hallucination) < 100 %")),
    "twelve are bad": (metrics(*["1"] * 12), _rule("min(politeness) >= 4", 'rate("a b") >= 95.50 %')),
    "one unknown decides": (conversations(15, 3, 1), {}),
    "several unknown decide": (conversations(32, 8, 10), {}),
    "unknown and missing decide": (run_of(*[PASSED] * 8, UNKNOWN, total_tests=11), {"max_void": 50}),
    "missing decide": (run_of(*[PASSED] * 9, *[FAILED] * 2, total_tests=12), {}),
    "unconnected decide": (run_of(*[PASSED] * 15, *[FAILED] * 3, _at(status="NO_CONNECTION")), {}),
    "lost calls decide": (run_of(*[PASSED] * 15, *[FAILED] * 3, NO_CALLS), {}),
    "a lost verdict decides": (run_of(*[PASSED] * 15, *[FAILED] * 3, _at()), {}),
    "few callers": (conversations(10), {"confident": True}),
    "few callers and one unknown": (conversations(40, 8, 1), {"confident": True}),
    "very few callers": (conversations(7, 2), {"confident": True, "min_pass_rate": 77}),
    "few callers, and unknown decide": (conversations(10, 0, 10), {"confident": True}),
    "few callers, of whom some are unknown": (conversations(4, 1, 1), {"confident": True}),
    "few callers, and the agent isn't good enough": (conversations(7, 2), {"confident": True}),
    "no number of callers": (conversations(10), {"confident": True, "min_pass_rate": 100}),
    "callers of different size": (callers((3, 0), (0, 1)), {}),
    "the unit is unknown": (evaluated({"avg_agent_latency": 100}), _rule("max(latency.average) <= 1 s")),
    "an answer is unreadable": (metrics("5", "5", "bad"), _rule("mean(politeness) >= 4")),
    "a type doesn't fit a number": (metrics("a", kind="json"), _rule("mean(politeness) >= 4")),
    "a type doesn't fit a rate": (metrics("4"), _rule("rate(politeness) >= 4 %")),
    "too few have a figure": (run_of(*[PASSED] * 3), _rule("max(duration) <= 9 s")),
    "no such metric": (metrics("4"), _rule("mean(tone) >= 4")),
    "no metric at all": (conversations(9), {"require": ["mean(politeness) >= 4"]}),
    "evaluations disagree": (run_of(DISAGREE), _rule("rate(hallucination) <= 5 %")),
    "no rule applies": (conversations(1), {"min_pass_rate": 0}),
    "not settled": (
        run_of(PASSED, _at(status="RUNNING"), UNKNOWN, VOID, status="RUNNING", total_tests=5),
        {},
    ),
    "no status": (run_of(status=None, total_tests=0), {}),
    "a violation": (run_of(PASSED, {"duration": "long"}), {}),
    "no conversations": (run_of(), {}),
    "too few conversations": (conversations(20), {"min_conversations": 50}),
    "only unknown": (conversations(unknown=2), {}),
    "only void": (run_of(FUNDS, FUNDS), {}),
    "only void with confidence": (run_of(FUNDS, FUNDS), {"confident": True}),
    "no funds": (run_of(PASSED, FUNDS, FUNDS, CANCELLED), {}),
    "the platform failed": (run_of(PASSED, VOID, VOID, FUNDS), {}),
    "cancelled": (run_of(PASSED, CANCELLED, CANCELLED, FUNDS), {}),
    "void and missing": (run_of(PASSED, VOID, total_tests=3), {}),
    "mostly missing": (run_of(PASSED, total_tests=9), {}),
    "no count": (run_of(PASSED, total_tests=None), {}),
    "a count of 0": (run_of(PASSED, total_tests=0), {}),
    "counters that contradict": (run_of(PASSED, FAILED, tests_passed=0), {}),
    "a negative counter": (run_of(PASSED, tests_failed=-3), {}),
    "two negative counters": (run_of(PASSED, tests_failed=-3, tests_passed=-1), {"no_counters": True}),
    "a new run status": (run_of(PASSED, status="ARCHIVED"), {}),
    "a new status": (run_of(PASSED, {"status": "VOICEMAIL"}, {"status": ""}), {}),
    "owners and reasons": (
        run_of(FAILED | {"status": "CALL_DROPPED"}, MISSES_A_CALL, FAILED | MISSES_A_CALL, _at()),
        {"max_void": 100},
    ),
}

COMPARED: dict[str, tuple[SimulationRun, SimulationRun]] = {
    "worse": both((15, "P", "P"), (5, "P", "F")),
    "better": both((15, "P", "P"), (5, "F", "P")),
    "worse with unknown": both((14, "P", "P"), (5, "P", "F"), (1, "P", "U")),
    "unknown decide": both((14, "P", "P"), (4, "P", "F"), (2, "P", "U")),
    "one caller": both((1, "P", "F")),
    "unknown before": both((5, "UP", "PP")),
    "more than 20 callers": both((21, "P", "F"), (1, "F", "P")),
    "a tiny change": both((1, "P" * 1500, "P" * 1499 + "F"), (1, "P", "P")),
    "nothing in common": (
        side({1: "P"}, id="1"),
        side(
            {2: "P"},
            id="2",
        ),
    ),
    "left out": (side(dict.fromkeys(range(14), "P"), "P", id="1"), side({1: "P", 99: "P"}, "P", "P", id="2")),
    "not settled": (side({1: "P"}, id="1"), side({1: "P"}, id="2", status="RUNNING")),
    "a violation": (side({1: "P"}, id="1", tests_passed="one"), side({1: "P"}, id="2")),
    "not measurements": (side({1: "PV"}, id="1"), side({1: "U"}, id="2", total_tests=None)),
}


def verdicts() -> Iterator[str]:
    """Yield the texts that the gate and the page show for each situation."""
    yield from laid_out((name, _told(name)) for name in SITUATIONS)


def comparisons() -> Iterator[str]:
    """Yield the texts that compare prints for each pair of runs."""
    yield from laid_out(
        (name, [each.plain for each in comparison_lines(compare(*each), SCREEN)])
        for name, each in COMPARED.items()
    )


def judged(name: str) -> Verdict:
    """Return the verdict in a situation."""
    runs, rules = SITUATIONS[name]
    base = rules.get("base")
    return gate(runs, Rules(**{key: value for key, value in rules.items() if key != "base"}), base=base)


def _told(name: str) -> Iterator[str]:
    verdict = judged(name)
    yield from (each.plain for each in gate_lines(verdict, SCREEN))
    yield f"Next: {next_step(verdict)}"
