"""What the commands of bluejay-results print, in each format."""

from collections.abc import Iterable, Iterator
from typing import Any

from bluejay_contract.stub import Answer
from bluejay_results import SimulationRun
from bluejay_results.cli.gate_outputs import gate_lines
from bluejay_results.cli.run_text import report
from bluejay_results.gate import Rules, gate
from bluejay_results.writing.run_view import RunView
from rich.console import Console
from rich.text import Text

from .. import builders
from ..builders import saved_run
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, conversations, evaluated, run_of
from .layout import Case, laid_out
from .scene import Scene, scene

QUEUED = {"simulation_run_id": "48313", "simulation_result_ids": ["1", "2"], "agent_id": "1"}
LINES = (
    "show 48213",
    "show 48213 --result 482130001",
    "show 48214",
    "show 48219",
    "wait 48215",
    "wait 48318 --tool-call-grace 0",
    "wait 48311",
    "wait 48312",
    "wait 48214 --timeout 60",
    "gate 48311 --timeout 60",
    "runs 731 --last 2",
    "runs 732",
    "runs 736",
    "runs 731 --since 2027-01-01",
    "runs runs.json",
    "queue 731",
    "export 48213 48225 99999 48214 --format csv -o tables",
    "report passed.json -o page.html",
)
NO_CALLS = {"tool_calls": [builders.tool_calls(actual=0)]}


def show() -> Iterator[str]:
    """Yield what each command prints about runs of the stub, and show about runs that it doesn't have."""
    with scene() as run:
        of_the_stub: list[Case] = [(line, list(run.lines(f"bluejay-results {line}"))) for line in LINES]
        run.stub.serve_queue(Answer.json(QUEUED))
        of_the_stub.append(("a queued run", run("bluejay-results gate --queue 733").errors))
    yield from laid_out(of_the_stub + [(f"show a run: {name}", _shown(each)) for name, each in _RUNS.items()])


def _shown(run: SimulationRun) -> Iterator[str]:
    return (each.plain for each in report(RunView.of(run), Console(width=9999)))


def gates() -> Iterator[str]:
    """Yield the reports that gate writes: Markdown, JUnit, and annotations with the outputs of a step."""
    small = "bluejay-results gate small.json --max-void 50"
    with scene() as run:
        yield from laid_out(
            [
                ("Markdown", run(f"{small} --comment -").lines),
                ("Markdown that is cut", run("bluejay-results gate large.json --comment -").lines[-1:]),
                ("Markdown without a verdict", run("bluejay-results gate empty.json --comment -").lines),
                ("JUnit", run(f"{small} --junit -").lines),
                ("JUnit without a verdict", run("bluejay-results gate 99999 --junit -").lines),
                ("annotations", run(f"GITHUB_ACTIONS=true {small}").errors),
                (
                    "annotations without a verdict",
                    run("GITHUB_ACTIONS=true bluejay-results gate none.har").errors,
                ),
                ("outputs of the step", _outputs_of_a_step(run, small)),
            ]
        )


def _outputs_of_a_step(run: Scene, command: str) -> list[str]:
    run(f"GITHUB_OUTPUT=outputs {command}")
    return (run.folder / "outputs").read_text().splitlines()


def help_pages() -> Iterator[str]:
    """Yield the list of commands, and the help of gate."""
    with scene() as run:
        lines = ("bluejay-results --help", "bluejay-results gate --help")
        yield from laid_out((line, run(line).lines) for line in lines)


def terminal() -> Iterator[str]:
    """Yield lines for a terminal of 60 columns, with their styles as rich's markup."""
    one_each = run_of(PASSED, FAILED, UNKNOWN, VOID, total_tests=5)
    under_way = run_of(PASSED, {"status": "RUNNING", "evaluations": None}, status="RUNNING")
    rules = Rules(max_void=50, require=["rate(hallucination) <= 5 %"])
    screen = Console(width=60)
    cases: dict[str, Iterable[Text]] = {
        "show": report(RunView.of(one_each), screen),
        "show a run under way": report(RunView.of(under_way), screen),
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
