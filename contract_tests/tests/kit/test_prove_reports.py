"""Reports of `contract-kit prove`: what each contains, whatever a client or a server says."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve
from contract_kit.derive.model import Expect
from contract_kit.judge.json_report import to_json
from contract_kit.judge.junit_report import to_junit
from contract_kit.judge.markdown import to_markdown
from contract_kit.judge.matrix import Matrix, Row, Verdict
from contract_kit.judge.text import to_text
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome

from .fakes import ORDER, mutant

BELIEVED = Row.of(mutant("getOrder:200:type"), Outcome.BELIEVED, "")
REFUSED = (
    Row.of(mutant("by body"), Outcome.REFUSED, "no"),
    Row.of(mutant("by status", status=404), Outcome.REFUSED, "no"),
)
SAID = "the client refused the valid response: no"
CONTROL = Row.of(mutant("getOrder:control", ORDER, expect=Expect.ACCEPT), Outcome.INCONCLUSIVE, SAID)
UNSERVED = Row.of(mutant("unserved"), Outcome.INCONCLUSIVE, "")
HOSTILE = "\x1b[2J|<b>`*\u202e]]>\x00\ud800"
HOSTILE_ROWS = tuple(
    Row.of(mutant(f"{HOSTILE}{number}", breaks=HOSTILE), Outcome.CRASHED, f"{HOSTILE}{number}")
    for number in range(3)
)
HOSTILE_MATRIX = Matrix(
    (*HOSTILE_ROWS, Row.of(mutant("x" * 300), Outcome.BELIEVED, "")), (Skipped("where", HOSTILE),)
)


def test_the_json_report_contains_every_row() -> None:
    document = json.loads(to_json(Matrix((BELIEVED, *REFUSED), ())))
    assert document["format"] == "contract-kit/prove"
    assert document["version"] == 2
    assert document["passed"] is False
    assert [each["id"] for each in document["rows"]] == ["getOrder:200:type", "by body", "by status"]
    assert document["rows"][0].items() >= {"expect": "refuse", "verdict": "believed", "bad": True}.items()


def test_every_field_of_the_json_report_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "contract-kit.md").read_text()
    document = json.loads(to_json(Matrix((BELIEVED,), ())))
    section = page.partition("### The JSON report")[2].partition("\n## ")[0]
    fields = {name for line in section.splitlines() for name in re.findall("`([a-z]+)`", line[:60])}
    assert {*document, *document["rows"][0]} - fields == set()


def test_refusals_by_status_and_by_body_are_counted_separately() -> None:
    matrix = Matrix(REFUSED, ())
    properties = fromstring(to_junit(matrix)).findall("*/properties/property")  # noqa: S314 - ours
    expected = {"refused by status": 1, "refused by body": 1}
    assert {each.get("name"): int(each.get("value", "")) for each in properties} == expected
    assert json.loads(to_json(matrix))["counts"].items() >= expected.items()


def test_an_inconclusive_valid_response_is_in_every_report() -> None:
    matrix = Matrix((UNSERVED,), (), controls=(CONTROL,))
    document = json.loads(to_json(matrix))
    suites = fromstring(to_junit(matrix))  # noqa: S314 - ours
    assert to_text(matrix, 9).splitlines()[:2] == ["Inconclusive (1)", f"  getOrder:control: {SAID}"]
    assert document["passed"] is False
    assert document["inconclusive"][0]["id"] == "getOrder:control"
    assert {each.get("name"): each.get("errors") for each in suites} == {"inconclusive": "1", "getOrder": "0"}
    assert to_markdown(matrix, 9).startswith(f"Inconclusive:\n\n- getOrder:control: {SAID}\n")


@pytest.mark.parametrize(
    ("earlier", "is_known"), [(Verdict.BELIEVED, True), (Verdict.CRASHED, True), (Verdict.ACCEPTED, False)]
)
def test_a_fault_that_was_as_grave_in_the_baseline_is_reported_as_known(
    earlier: Verdict, is_known: bool
) -> None:
    matrix = evolve(Matrix((BELIEVED,), ()), baseline={BELIEVED.id: earlier})
    [suite] = fromstring(to_junit(matrix))  # noqa: S314 - ours
    for text in (to_text(matrix, 9), to_markdown(matrix, 9)):
        assert ("Since the baseline: 0 worse, " in text) is is_known
        assert ("\n- believed: " in text or "\nBelieved (" in text) is not is_known
    assert json.loads(to_json(matrix))["passed"] is is_known
    assert suite.get("failures") == ("0" if is_known else "1")
    assert suite.get("skipped") == ("1" if is_known else "0")


def test_a_better_row_is_counted_in_text_and_markdown_and_marked_in_json() -> None:
    matrix = Matrix((REFUSED[0],), (), {REFUSED[0].id: Verdict.CRASHED})
    assert "\n  better: 1 crashed, now refused by body\n" in to_text(matrix, 9)
    assert "\n- better: 1 crashed, now refused by body\n" in to_markdown(matrix, 9)
    [row] = json.loads(to_json(matrix))["rows"]
    assert row.items() >= {"trend": "better", "earlier": "crashed", "known": False}.items()


def test_a_report_of_faults_ends_with_the_command_that_prints_a_response() -> None:
    last = "To see the response of a mutant: contract-kit mutants DOC --jsonl | grep -F 'ID'"
    assert to_text(Matrix((BELIEVED,), ()), 9).splitlines()[-1] == last


def test_tolerated_mutants_are_counted_by_reason_in_text_and_markdown() -> None:
    tolerated = Row.of(mutant("new", expect=Expect.EITHER, reason="it may be new"), Outcome.BELIEVED, "")
    matrix = Matrix((tolerated,), ())
    assert "\n  1 believed: it may be new\n" in to_text(matrix, 9)
    assert "\n- 1 believed: it may be new\n" in to_markdown(matrix, 9)


def test_similar_faults_are_counted_below_the_first_one() -> None:
    matrix = Matrix(tuple(Row.of(mutant(name), Outcome.BELIEVED, "") for name in "ab"), ())
    assert "\n    and 1 more like it\n" in to_text(matrix, 9)
    assert " (1 more like it)\n" in to_markdown(matrix, 9)


def test_text_of_a_server_or_client_never_controls_the_terminal() -> None:
    text = to_text(HOSTILE_MATRIX, None)
    assert all(line.isprintable() for line in text.splitlines())
    assert text.encode()


def test_xml_reports_contain_no_character_that_a_parser_refuses() -> None:
    [operation, skipped] = fromstring(to_junit(HOSTILE_MATRIX))  # noqa: S314 - ours
    assert {name: operation.get(name) for name in ("tests", "errors", "failures")} == {
        "tests": "4",
        "errors": "3",
        "failures": "1",
    }
    assert skipped.get("skipped") == "1"


def test_markdown_renders_received_text_literally() -> None:
    lines = to_markdown(HOSTILE_MATRIX, None).splitlines()
    assert r"\\x1b\[2J\|\<b\>\`\*\\u202e" in next(line for line in lines if line.startswith("- crashed"))


def test_a_long_id_is_not_cut() -> None:
    assert "x" * 300 in to_text(HOSTILE_MATRIX, None)


def test_the_number_of_listed_kinds_of_faults_is_limited() -> None:
    assert "And 2 more faults (--all lists them)." in to_text(HOSTILE_MATRIX, 2)
