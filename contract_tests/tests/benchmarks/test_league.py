"""`make league`: a generator that fails gets a row, and a fault that nobody has checked is named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attrs import evolve
from contract_kit.judge.matrix import Verdict

from benchmarks.league import playing
from benchmarks.league.checked import Case, read_cases
from benchmarks.league.generators import GENERATORS, Command
from benchmarks.league.playing import play
from benchmarks.league.report import markdown
from benchmarks.league.results import Judged, Result

FIRST = GENERATORS[0]
CRASH = Judged("getThing:200:type::null", "type: null", Verdict.CRASHED, "is null", "KeyError: 'id'")
RESULT = Result(FIRST.id, "orders", (CRASH, CRASH))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-generator",), "no-such-generator"),
        ((sys.executable, "-c", "exit('ParseError: no')"), "ParseError: no"),
        ((sys.executable, "-c", "import time; time.sleep(600)"), "0.5 s"),
    ],
    ids=["missing", "fails", "hangs"],
)
def test_a_generator_that_makes_no_client_gets_a_row_with_the_reason(
    command: Command, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps(_: Path, __: Path) -> tuple[Command, ...]:
        return (command,)

    monkeypatch.setattr(playing, "BUILT", tmp_path)
    result = play(evolve(FIRST, steps=steps), "orders", seconds=0.5 if said == "0.5 s" else 60)
    assert said in result.trouble
    assert result.trouble in markdown([result], [], "")[0]


def test_only_faults_that_nobody_has_checked_are_returned() -> None:
    case = Case((FIRST.id,), Verdict.CRASHED, "KeyError", "It is required.", ("some/project#7",))
    _, unchecked = markdown([RESULT], [], "")
    assert CRASH.id in unchecked[0]
    report, unchecked = markdown([RESULT], [case], "")
    assert unchecked == []
    assert "some/project#7" in report


def test_every_checked_case_names_clients_that_exist() -> None:
    assert {client for case in read_cases() for client in case.clients} <= {each.id for each in GENERATORS}
