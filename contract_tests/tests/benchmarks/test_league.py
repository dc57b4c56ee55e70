"""`make league`: a failed generator has a row in the report, and faults that nobody has checked are named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attrs import evolve
from contract_kit.judge.report import markdown_safe
from contract_kit.judge.verdicts import Verdict

from benchmarks.league import playing
from benchmarks.league.checked import Case, read_cases
from benchmarks.league.generators import GENERATORS, Command
from benchmarks.league.playing import play
from benchmarks.league.report import markdown
from benchmarks.league.results import Judged, Result
from benchmarks.league.shares import Share, median, ranked, share

FIRST = GENERATORS[0]
CRASH = Judged("getThing:200:type=null", "type: null", Verdict.CRASHED, "refuse", "is null", "KeyError")
RESULT = Result(FIRST.id, "orders", (CRASH, CRASH))


def _judged(verdict: Verdict, expect: str = "refuse") -> Judged:
    return evolve(CRASH, verdict=verdict, expect=expect)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-generator",), "no-such-generator"),
        ((sys.executable, "-c", "exit('ParseError: no')"), "ParseError: no"),
        ((sys.executable, "-c", "import time; time.sleep(600)"), "0.5 s"),
    ],
    ids=["missing", "fails", "hangs"],
)
def test_the_league_table_states_the_reason_if_a_generator_makes_no_client(
    command: Command, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps(_: Path, __: Path) -> tuple[Command, ...]:
        return (command,)

    monkeypatch.setattr(playing, "BUILT", tmp_path)
    result = play(evolve(FIRST, steps=steps), "orders", seconds=0.5 if said == "0.5 s" else 60)
    assert said in result.trouble
    assert markdown_safe(said.partition(":")[0]) in markdown([result], [], "")[0]


def test_the_league_page_shows_no_document_text_in_the_error_of_a_generator() -> None:
    result = evolve(RESULT, rows=(), trouble="failed with exit code 2: TypeError TS2339: Property 'secret'")
    [line] = [each for each in markdown([result], [], "")[0].splitlines() if "failed with" in each]
    assert line.endswith("TypeError TS2339")


def test_faults_that_nobody_has_checked_are_listed_as_unchecked() -> None:
    case = Case((FIRST.id,), Verdict.CRASHED, "KeyError", "It is required.", ("some/project#7",))
    _, unchecked = markdown([RESULT], [], "")
    assert CRASH.id in unchecked[0]
    report, unchecked = markdown([RESULT], [case], "")
    assert unchecked == []
    assert "some/project#7" in report


def test_every_client_named_in_a_checked_case_exists() -> None:
    assert {client for case in read_cases() for client in case.clients} <= {each.id for each in GENERATORS}


def test_the_shares_omit_mutants_that_a_client_may_either_accept_or_refuse() -> None:
    left_out = [_judged(Verdict.REFUSED_BY_STATUS), _judged(Verdict.CRASHED, "either")]
    counted = [
        _judged(Verdict.REFUSED_BY_BODY),
        *3 * [_judged(Verdict.WRONGLY_ACCEPTED)],
        _judged(Verdict.HUNG),
    ]
    legal = [_judged(Verdict.ACCEPTED, "accept"), _judged(Verdict.WRONGLY_REFUSED, "accept")]
    result = Result(FIRST.id, "orders", (*left_out, *counted, *legal))
    assert {kind: share(result, kind) for kind in Share} == {
        Share.REFUSED: 20,
        Share.WRONGLY_ACCEPTED: 60,
        Share.CRASHED: 20,
        Share.WRONG: 50,
    }


def test_a_document_without_a_generated_client_does_not_count_in_the_median() -> None:
    assert share(Result(FIRST.id, "orders", trouble="failed"), Share.WRONGLY_ACCEPTED) is None
    assert median([None, 10, 40, 20]) == 20


def test_clients_are_ranked_by_the_median_share_of_mutants_that_they_refuse() -> None:
    results = [
        Result(
            "refuses one of three",
            name,
            (_judged(Verdict.REFUSED_BY_BODY if has else Verdict.WRONGLY_ACCEPTED),),
        )
        for name, has in (("a", True), ("b", False), ("c", False))
    ]
    results.append(Result("refuses", "a", (_judged(Verdict.REFUSED_BY_BODY),)))
    results.append(Result("crashes", "a", (_judged(Verdict.CRASHED),)))
    order = ["refuses", "crashes", "refuses one of three"]
    assert ranked(["refuses one of three", "crashes", "refuses"], results) == order
