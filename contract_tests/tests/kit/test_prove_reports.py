"""Reports of `contract-kit prove`, for a client and a server that say what they like."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from contract_kit.clients import Outcome
from contract_kit.matrix import Matrix, Row
from contract_kit.model import Skipped
from contract_kit.reports import to_junit, to_markdown, to_text

from .fakes import mutant

HOSTILE = "\x1b[2J|<b>`*\u202e]]>\x00\ud800"
ROWS = tuple(
    Row.of(mutant(f"{HOSTILE}{number}", breaks=HOSTILE), Outcome.CRASHED, f"{HOSTILE}{number}")
    for number in range(3)
)
MATRIX = Matrix((*ROWS, Row.of(mutant("x" * 300), Outcome.BELIEVED, "")), (Skipped("where", HOSTILE),))


def test_text_of_a_server_or_client_never_controls_the_terminal() -> None:
    text = to_text(MATRIX, None)
    assert all(line.isprintable() for line in text.splitlines())
    assert text.encode()


def test_xml_reports_contain_no_character_that_a_parser_refuses() -> None:
    [operation, skipped] = fromstring(to_junit(MATRIX))  # noqa: S314 - ours
    assert operation.get("tests") == "4"
    assert operation.get("errors") == "3"
    assert operation.get("failures") == "1"
    assert skipped.get("skipped") == "1"


def test_markdown_renders_received_text_literally() -> None:
    line = next(line for line in to_markdown(MATRIX, None).splitlines() if line.startswith("- crashed"))
    assert r"\\x1b\[2J\|\<b\>\`\*\\u202e" in line


def test_a_long_id_is_not_cut() -> None:
    assert "x" * 300 in to_text(MATRIX, None)


def test_the_number_of_listed_kinds_of_faults_is_limited() -> None:
    assert to_text(MATRIX, 2).count("\\x1b[2J|<b>`*\\u202e]]>\\x00\\ud8002\n") == 0
    assert "And 2 more faults (--all lists them)." in to_text(MATRIX, 2)
