"""No report of `bluejay-contract` holds the key, or the signature of a URL."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub

from ..cli.command import Command, Ended
from .canary import KEY, leaks
from .careless import broken, careless

ANSWERS: dict[str, Callable[[], Answer]] = {
    "careless": careless,
    "broken": broken,
    "refused": lambda: Answer.json({"detail": [{"loc": [KEY], "msg": KEY, "type": KEY}]}, status=422),
    "failed": lambda: Answer(KEY.encode(), status=502, headers={"x-key": KEY, "content-type": KEY}),
}
REPORTS = ("table", "--json", "--all", "junit")
Report = Callable[[str, str, str], tuple[Ended, str]]


@pytest.fixture(scope="module")
def contract_command(stub: Stub) -> Command:
    """`bluejay-contract`, set up to ask the stub."""
    for run_id, answer in ANSWERS.items():
        stub.serve(run_id, answer())
    return Command(stub.url, Path(sys.executable).with_name("bluejay-contract"))


@pytest.fixture
def report(contract_command: Command, tmp_path: Path) -> Report:
    """Run a subcommand; return how it ended and its report."""

    def run(subcommand: str, run_id: str, kind: str) -> tuple[Ended, str]:
        junit = tmp_path / "junit.xml"
        options = {"table": [], "junit": ["--junit", str(junit)]}.get(kind, [kind])
        pause = ["--pause", "0"] if subcommand == "live" else []
        ended = contract_command(
            subcommand, run_id, *options, *pause, environment={"BLUEJAY_API_KEY": KEY, "PYTHONDEVMODE": "1"}
        )
        return ended, junit.read_text() if kind == "junit" else ended.out.decode()

    return run


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("run_id", ANSWERS)
@pytest.mark.parametrize("subcommand", ["check", "live"])
def test_a_report_has_no_secret(report: Report, subcommand: str, run_id: str, kind: str) -> None:
    ended, written = report(subcommand, run_id, kind)
    assert len(written) > 100
    assert leaks(written) + leaks(ended.out) + leaks(ended.err) == []
