"""The output of the bluejay-results commands, in each format."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.cli.run_text import report
from bluejay_results.gate import Rules, gate
from rich.console import Console
from rich.text import Text

from .. import builders
from ..builders import saved_run
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, conversations, evaluated, run_of
from .layout import FOLDER, laid_out
from .scene import scene


def commands(name: str) -> Callable[[], Iterator[str]]:
    """Return a function that runs the command lines in the text with this name and yields their outputs.

    To add a command line, add a line `== LINE` to the text. Lines with cat show written files.
    """

    def outputs() -> Iterator[str]:
        kept = (FOLDER / f"{name}.txt").read_text().splitlines()
        lines = [each[3:] for each in kept if each.startswith("== ")]
        with scene() as run:
            yield from laid_out((line, run.lines(line)) for line in lines)

    return outputs


def runs() -> Iterator[str]:
    """Yield what `show` prints about the runs in `_RUNS`, which the stub doesn't serve."""
    yield from laid_out((name, _shown(each)) for name, each in _RUNS.items())


def _shown(run: SimulationRun) -> Iterator[str]:
    return (each.plain for each in report(run, Console(width=9999)))


def terminal() -> Iterator[str]:
    """Yield lines for a terminal of 60 columns, with their styles as rich's markup."""
    one_each = run_of(PASSED, FAILED, UNKNOWN, VOID, total_tests=5)
    under_way = run_of(PASSED, {"status": "RUNNING", "evaluations": None}, status="RUNNING")
    rules = Rules(max_void=50, require=["rate(hallucination) <= 5 %"])
    screen = Console(width=60)
    cases: dict[str, Iterable[Text]] = {
        "show": report(one_each, screen),
        "show a run under way": report(under_way, screen),
        "gate": gate_lines(gate(one_each, rules), screen),
        "gate that ships": gate_lines(gate(conversations(9, 1)), screen),
    }
    yield from laid_out((title, [each.markup for each in lines]) for title, lines in cases.items())


def _slow(**fields: Any) -> SimulationRun:
    return evaluated(*[fields] * 2)


_RUNS = {
    "averages": _slow(avg_agent_latency=700),
    "seconds": _slow(avg_agent_latency=1.2),
    "unknown unit": run_of(*[FAILED | {"evaluations": [builders.evaluation(avg_agent_latency=50)]}] * 2),
    "p95 only": run_of({"evaluations": [builders.evaluation(latency={"p95_agent_latency": 1.25})]}, FAILED),
    "more than 20 reasons": run_of(
        *(
            {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=f"Reason {each}.")]}
            for each in range(23)
        )
    ),
    "worst callers": run_of(
        *(FAILED | {"digital_human_id": caller} for caller in [*range(7)] * 2),
        PASSED | {"digital_human_id": 1},
    ),
    "counters that contradict": run_of(PASSED, FAILED, tests_passed=2, tests_failed=2),
    "more listed": run_of(PASSED, FAILED, total_tests=1),
    "missing": run_of(PASSED, total_tests=3),
    "not in the contract": run_of({"status": "MOVED"} | dict.fromkeys("abcde", 1), status="NEVER_LISTED"),
    "ended early": run_of(PASSED, status="INSUFFICIENT_FUNDS"),
    "violations": run_of(PASSED, {"duration": "long"}),
    "nobody has to act": run_of({"status": "INCOMPLETED"}, {"evaluations": None}, {"status": "ERROR"}),
    "evaluations disagree": run_of(
        {"evaluations": [builders.evaluation(), builders.evaluation(goal_success=False)]}
    ),
    "no page and no id": saved_run(builders.result(), simulation_id=None),
    "dropped": run_of(FAILED | {"status": "CALL_DROPPED"}),
    "scores still come": run_of(PASSED, {"status": "EVALUATING", "evaluations": None}),
}
