"""The lines for a terminal, with their styles: `terminal.txt`, which `make findings` writes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun
from bluejay_results.cli.gate_outputs import gate_lines
from bluejay_results.cli.run_text import conversation, report
from bluejay_results.gate import Rules, gate
from bluejay_results.writing.run_view import ConversationView, RunView
from rich.console import Console
from rich.text import Text

TEXT = Path(__file__).with_name("terminal.txt")
CASES = [case.split("\n", 1) for case in TEXT.read_text().split("\n\n")]
"""The command, the scenario and the width, and the lines with their styles as rich's markup."""

RULES = Rules(
    require=["p90(latency.p95) <= 1500 ms", "rate(hallucination) <= 5 %", "p10(politeness) >= 4"],
)


def lines_of(case: str) -> Iterable[Text]:
    """Return the lines that a command shows of a scenario's run."""
    command, scenario, width = case.split()
    run, console = SimulationRun.from_bytes(SCENARIOS[scenario].bodies[-1]), Console(width=int(width))
    if command == "result":
        return conversation(ConversationView.of(run.results[0], is_incomplete=True), console)
    if command == "show":
        return report(RunView.of(run), console)
    return gate_lines(gate(run, RULES), console)


def described(case: str) -> Iterator[str]:
    return (line.markup or "." for line in lines_of(case))  # an empty line separates the cases


@pytest.mark.parametrize(("case", "expected"), CASES, ids=[case for case, _ in CASES])
def test_a_terminal_gets_the_expected_lines_and_styles(case: str, expected: str) -> None:
    assert list(described(case)) == expected.splitlines()


if __name__ == "__main__":
    TEXT.write_text("\n\n".join("\n".join([case, *described(case)]) for case, _ in CASES) + "\n")
