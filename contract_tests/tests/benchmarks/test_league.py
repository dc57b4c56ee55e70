"""`make league`: its documents are valid, its report is complete, and a generator that fails gets a row."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from attrs import evolve
from contract_kit.derive.candidates import Bodies
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Expect
from contract_kit.judge.matrix import Row, Verdict
from contract_kit.serve.clients import Outcome
from openapi_spec_validator import validate

from benchmarks.league import playing
from benchmarks.league.__main__ import main
from benchmarks.league.checked import Case, read_cases
from benchmarks.league.generators import DOCUMENTS, GENERATORS, Command, Generator
from benchmarks.league.playing import play
from benchmarks.league.report import ABOUT, markdown
from benchmarks.league.results import Judged, Result, keyword_of, load, save

ROOT = Path(__file__).parents[3]
REPORT = (ROOT / "benchmarks" / "LEAGUE.md").read_text()
LEAGUE = ROOT / "benchmarks" / "league"
OURS = {name: path for name, path in DOCUMENTS.items() if name != "contract"}
FIRST = GENERATORS[0]
CRASH = Judged("getThing:200:type::null", "type: null", Verdict.CRASHED, "is null", "KeyError: 'id'")

each_document = pytest.mark.parametrize("document", OURS.values(), ids=OURS)


def generator(*command: str) -> Generator:
    """Return a generator that has one step."""

    def steps(_: Path, __: Path) -> tuple[Command, ...]:
        return (command,)

    return evolve(FIRST, steps=steps)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-generator",), "missing: no-such-generator is not installed"),
        (
            (sys.executable, "-c", "exit('ParseError: no')"),
            "ended its process with exit code 1: ParseError: no",
        ),
        ((sys.executable, "-c", "import time; time.sleep(600)"), "took over 0.5 s"),
    ],
    ids=["missing", "fails", "hangs"],
)
def test_a_generator_that_makes_no_client_gets_a_row_with_the_reason(
    command: Command, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "BUILT", tmp_path)
    result = play(generator(*command), "orders", seconds=0.5 if said.startswith("took") else 60)
    report, _ = markdown([result], [], "")
    assert f"\n| {FIRST.name} | not measured | " in report
    assert f"\n- {FIRST.name}, orders: " in report
    assert said in report


def test_the_result_of_a_client_that_cannot_start_has_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "BUILT", tmp_path)
    nothing = generator(sys.executable, "-c", "")
    cannot_start = evolve(nothing, worker=lambda _: (sys.executable, "-c", "exit('ImportError: no')"))
    assert "ImportError: no" in play(cannot_start, "orders").trouble


def test_a_saved_result_is_read_back(tmp_path: Path) -> None:
    result = Result(FIRST.id, "orders", (CRASH,), (evolve(CRASH, verdict=Verdict.INCONCLUSIVE),))
    save(result, tmp_path)
    assert repr(load(tmp_path, FIRST.id, "orders")) == repr(result)


def test_a_missing_result_names_the_command_that_measures_it(tmp_path: Path) -> None:
    assert load(tmp_path, FIRST.id, "orders").trouble == f"not measured: make league ONLY={FIRST.id}"


def test_an_unknown_client_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-client"]) == 2
    assert capsys.readouterr().err.startswith("There is no client no-such-client. Choose from: ")


def test_a_fault_that_nobody_has_checked_is_listed() -> None:
    _, unchecked = markdown([Result(FIRST.id, "orders", (CRASH,))], [], "")
    assert unchecked == [f"{FIRST.id}, orders: crashed: {CRASH.id}: {CRASH.detail}"]


def test_a_checked_fault_is_counted_with_its_reason() -> None:
    case = Case((FIRST.id,), Verdict.CRASHED, "KeyError", "It is required.", ("some/project#7",))
    report, unchecked = markdown([Result(FIRST.id, "orders", (CRASH, CRASH))], [case], "")
    assert f"\n- crashed (2): It is required. Known: some/project#7. First: orders, `{CRASH.id}`.\n" in report
    assert unchecked == []


def test_every_checked_case_names_clients_that_exist() -> None:
    assert {client for case in read_cases() for client in case.clients} <= {each.id for each in GENERATORS}


@pytest.mark.parametrize("client", GENERATORS, ids=lambda each: each.id)
def test_the_report_names_each_client_with_its_command(client: Generator) -> None:
    assert (
        f"\n| {client.name} | {client.settings} | {client.refuses} | `make league ONLY={client.id}` |"
        in REPORT
    )


def test_the_report_names_every_document() -> None:
    assert [name for name in DOCUMENTS if f"\n| {ABOUT[name]} | " not in REPORT] == []


@pytest.mark.parametrize(
    ("group", "kind", "mutant", "keyword"),
    [
        ("type", "type", "get:200:type:/id:null", "type: null"),
        ("type", "type", "get:200:type:/id:array", "type"),
        ("protocol", "status success", "get:200:protocol::status-202", "status"),
        ("protocol", "content-type", "get:200:protocol::content-type-html", "content type"),
        ("protocol", "gzip-truncated", "get:200:protocol::gzip-truncated", "transfer"),
        ("protocol", "no-header", "get:200:protocol:ETag:no-header", "header"),
        ("protocol", "truncated", "get:200:protocol::truncated", "JSON syntax"),
        ("legal", "legal", "get:200:legal::required", "legal"),
    ],
)
def test_a_mutant_is_counted_under_its_keyword_or_its_part_of_http(
    group: str, kind: str, mutant: str, keyword: str
) -> None:
    row = Row(mutant, "get", group, "", "", "", Expect.REFUSE, Outcome.REFUSED, "", kind=kind)
    assert keyword_of(row) == keyword


@each_document
def test_an_example_is_valid_openapi(document: Path) -> None:
    validate(yaml.safe_load(document.read_text()))


def _json_answers(document: Path) -> Iterator[tuple[str, Bodies]]:
    """Yield the label and the bodies of each JSON response of a document."""
    catalogue = Catalogue.load(document)
    for listed in catalogue.listed:
        answered = catalogue.answered(listed.id)
        for answer in answered.answers if answered else ():
            if answer.bodies:
                yield answer.documented.label, answer.bodies


@each_document
def test_both_validators_confirm_a_legal_body_of_each_json_response(document: Path) -> None:
    assert {bodies.proof(next(iter(bodies))).doubt for _, bodies in _json_answers(document)} == {None}


@each_document
def test_each_json_response_of_an_example_gives_broken_bodies(document: Path) -> None:
    assert [
        label for label, bodies in _json_answers(document) if not bodies.by_keyword.keys() - {"legal"}
    ] == []


def test_the_lock_for_node_pins_packages_with_hashes_and_names_no_registry() -> None:
    packages = json.loads((LEAGUE / "node" / "package-lock.json").read_bytes())["packages"]
    del packages[""]
    assert [name for name, each in packages.items() if "integrity" not in each or "resolved" in each] == []


def test_the_lock_for_python_pins_packages_with_hashes_and_names_no_host() -> None:
    lines = (LEAGUE / "requirements.lock").read_text().splitlines()
    starts = [index for index, line in enumerate(lines) if not line.startswith(" ")]
    assert [lines[index] for index in starts if "--hash=" not in lines[index + 1]] == []
    assert [line for line in lines if "://" in line or "--index" in line] == []
