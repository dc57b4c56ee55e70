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


def test_a_terminal_obeys_nothing_that_a_server_or_a_client_says() -> None:
    text = to_text(MATRIX, None)
    assert all(line.isprintable() for line in text.splitlines())
    assert text.encode()


def test_xml_holds_nothing_that_a_parser_refuses() -> None:
    [operation, skipped] = fromstring(to_junit(MATRIX))  # noqa: S314 - ours
    assert (operation.get("tests"), operation.get("errors"), operation.get("failures")) == ("4", "3", "1")
    assert skipped.get("skipped") == "1"


def test_markdown_shows_text_as_it_is() -> None:
    line = next(line for line in to_markdown(MATRIX, None).splitlines() if line.startswith("- crashed"))
    assert r"\\x1b\[2J\|\<b\>\`\*\\u202e" in line


def test_a_long_id_is_not_cut() -> None:
    assert "x" * 300 in to_text(MATRIX, None)


def test_only_so_many_kinds_of_faults_are_listed() -> None:
    assert to_text(MATRIX, 2).count("\\x1b[2J|<b>`*\\u202e]]>\\x00\\ud8002\n") == 0
    assert "And 2 more faults (--all lists them)." in to_text(MATRIX, 2)
