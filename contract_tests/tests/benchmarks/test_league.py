"""`make league`: a failed generator has a row in the report, and unchecked faults are listed."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve
from contract_kit.judge.report import markdown_safe
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.generated import GENERATORS as GENERATED
from contract_kit.tests.tables import table

from benchmarks.corpus.documents import ROOT
from benchmarks.league import playing
from benchmarks.league.checked import Case, read_cases
from benchmarks.league.generators import GENERATORS, Command
from benchmarks.league.picture import Bar, picture
from benchmarks.league.playing import play
from benchmarks.league.report import markdown
from benchmarks.league.results import Judged, Result
from benchmarks.league.shares import Kind, Part, counted, harmless, ranked

FIRST = GENERATORS[0]
CRASH = Judged(
    "getThing:200:null", "type: null", "null", False, Verdict.CRASHED, "refuse", "is null", "KeyError"
)
RESULT = Result(FIRST.id, "orders", (CRASH, CRASH))


def _judged(verdict: Verdict, expect: str = "refuse") -> Judged:
    return evolve(CRASH, verdict=verdict, expect=expect)


@table(
    "command, said",
    [
        (("no-such-generator",), "no-such-generator"),
        ((sys.executable, "-c", "exit('ParseError: no')"), "ParseError: no"),
        ((sys.executable, "-c", "import time; time.sleep(600)"), "0.5 s"),
    ],
)
def test_the_league_table_states_the_reason_if_a_generator_produces_no_client(
    command: Command, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps(_: Path, __: Path) -> tuple[Command, ...]:
        return (command,)

    monkeypatch.setattr(playing, "BUILT", tmp_path)
    result = play(evolve(FIRST, steps=steps), "orders", seconds=0.5 if said == "0.5 s" else 60)
    assert said in result.trouble
    assert markdown_safe(said.partition(":")[0]) in markdown([result], [], "")[0]


def test_generator_errors_on_the_league_page_show_no_document_text() -> None:
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


def test_the_figures_omit_refusals_by_status_and_mutants_that_a_client_may_accept_or_refuse() -> None:
    left_out = [_judged(Verdict.REFUSED_BY_STATUS), _judged(Verdict.CRASHED, "either")]
    broken = [_judged(Verdict.REFUSED_BY_BODY), *3 * [_judged(Verdict.ALTERED)], _judged(Verdict.HUNG)]
    assert counted([*left_out, *broken], *Kind) == {Part.REFUSED: 1, Part.ALTERED: 3, Part.CRASHED: 1}


def test_near_misses_gross_errors_and_legal_responses_are_counted_separately() -> None:
    rows = [
        evolve(CRASH, is_near_miss=True, verdict=Verdict.PASSED_ON),
        _judged(Verdict.NO_EFFECT),
        evolve(CRASH, is_near_miss=True, expect="accept", verdict=Verdict.LOST),
    ]
    assert [counted(rows, kind) for kind in Kind] == [
        {Part.PASSED_ON: 1},
        {Part.NO_EFFECT: 1},
        {Part.LOST: 1},
    ]


def test_a_client_without_broken_responses_has_no_harmless_share() -> None:
    assert harmless([_judged(Verdict.LOST, "accept")]) is None


def test_clients_are_ranked_by_the_share_of_broken_responses_that_did_no_harm() -> None:
    harm = {
        "one of two": (Verdict.PASSED_ON, Verdict.REFUSED_BY_BODY),
        "all": (Verdict.CRASHED, Verdict.ALTERED),
        "none": (Verdict.NO_EFFECT, Verdict.REFUSED_BY_BODY),
    }
    results = [Result(name, "orders", tuple(map(_judged, found))) for name, found in harm.items()]
    assert ranked(list(harm), results) == ["none", "one of two", "all"]


def test_the_parts_of_a_bar_are_as_wide_as_their_shares() -> None:
    counts = Counter({Part.ALTERED: 3, Part.REFUSED: 1})
    svg = picture({"a group": [Bar("ours & theirs", [counts])]}, ["near misses"], "")
    rects = fromstring(svg).findall(".//{*}rect")  # noqa: S314 - ours
    found = [each for each in rects if each.find("{*}title") is not None]
    widths = [float(each.attrib["width"]) for each in found]
    assert [each / sum(widths) for each in widths] == [0.25, 0.75]


@table("name", GENERATED)
def test_the_generated_clients_page_states_the_tested_versions(name: str) -> None:
    text = (ROOT / "docs" / "contract-kit-generated.md").read_text()
    section = next(each for each in text.split("\n## ") if f"--generated {name}:" in each)
    assert f"Tested with {GENERATED[name].tested}." in " ".join(section.split())
