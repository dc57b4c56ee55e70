"""Code and pages cite sections of docs/definitions.md: all of them exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DEFINITIONS = ROOT / "docs" / "definitions.md"
FOLDERS = ("codegen", "generated", "overlay", "contract_tests", "docs", "benchmarks")
SOURCES = [
    path
    for folder in FOLDERS
    for suffix in ("py", "md", "jinja", "txt")
    for path in sorted((ROOT / folder).rglob(f"*.{suffix}"))
    if path != Path(__file__)
]
CITATION = re.compile(r"definitions\.md`?(?: \(|, )(?=[A-Z])")
"""The text before the name of a section, such as `docs/definitions.md (Settled)`."""


def _unknown(text: str, sections: list[str]) -> Iterator[str]:
    """Yield the start of each cited section that doesn't exist."""
    line = re.sub(r"\s+(?:# )?", " ", text)
    for citation in CITATION.finditer(line):
        cited = line[citation.end() :]
        if not cited.startswith(tuple(sections)):
            yield cited[:40]


def test_every_cited_section_of_the_definitions_exists() -> None:
    sections = re.findall(r"^#+ (.+)$", DEFINITIONS.read_text(), re.MULTILINE)
    wrong = {path: [*_unknown(path.read_text(), sections)] for path in SOURCES}
    assert {path: cited for path, cited in wrong.items() if cited} == {}


@pytest.mark.parametrize(
    ("citation", "is_known"),
    [
        ("`docs/definitions.md`, Doubts of\nothers", False),
        ("docs/definitions.md (Mood)", False),
        ("docs/definitions.md,\n    Time", True),
    ],
)
def test_only_a_citation_of_an_unknown_section_is_found(citation: str, is_known: bool) -> None:
    assert (list(_unknown(f"See {citation}.", ["Latency", "Time"])) == []) is is_known
