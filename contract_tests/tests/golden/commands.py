"""The output of the bluejay-results commands, in each format."""

from collections.abc import Callable, Iterable, Iterator

from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.cli.run_text import report
from bluejay_results.gate import Rules, gate
from rich.console import Console
from rich.text import Text

from .. import builders
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, run_of
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


def terminal() -> Iterator[str]:
    """Yield lines for a terminal of 60 columns, with their styles as rich's markup."""
    one_each = run_of(PASSED, FAILED, UNKNOWN, VOID, total_tests=5)
    under_way = run_of(PASSED, {"status": "RUNNING", "evaluations": None}, status="RUNNING")
    rules = Rules(max_void=50, require=["rate(hallucination) <= 5 %"])
    screen = Console(width=60)
    missed = run_of({"evaluations": [builders.evaluation(goal_success=False, goal_reasoning="a word " * 20)]})
    cases: dict[str, Iterable[Text]] = {
        "show": report(one_each, screen),
        "show a run under way": report(under_way, screen),
        **{f"show in {width} columns": report(missed, Console(width=width)) for width in (40, 56, 63, 74)},
        "show callers": report(callers((0, 2), (2,), (1, 1, 1), (0, 0, 2), (1, 0, 0, 1)), screen),
        "show 21 failed conversations": report(run_of(*[FAILED] * 21), screen),
        "gate": gate_lines(gate(one_each, rules), screen),
        "gate that ships": gate_lines(gate(conversations(9, 1)), screen),
    }
    yield from laid_out((title, [each.markup for each in lines]) for title, lines in cases.items())
