"""Code and pages cite sections of docs/definitions.md, and pages link to headings: all of them exist."""

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
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
CITATION = re.compile(r"definitions\.md`?(?: \(|, )(?=[A-Z])")
"""The text before the name of a section, such as `docs/definitions.md (Settled)`."""


def _headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _unknown(text: str, sections: list[str]) -> Iterator[str]:
    """Yield the start of each cited section that doesn't exist."""
    line = re.sub(r"\s+(?:# )?", " ", text)
    for citation in CITATION.finditer(line):
        cited = line[citation.end() :]
        if not cited.startswith(tuple(sections)):
            yield cited[:40]


def test_every_cited_section_of_the_definitions_exists() -> None:
    sections = _headings(DEFINITIONS)
    wrong = {path: [*_unknown(path.read_text(), sections)] for path in SOURCES}
    assert {path: cited for path, cited in wrong.items() if cited} == {}


@pytest.mark.parametrize(
    "citation", ["`docs/definitions.md`, Doubts of\nothers", "docs/definitions.md (Mood)"]
)
def test_a_citation_of_an_unknown_section_is_found(citation: str) -> None:
    assert list(_unknown(f"See {citation}.", ["Latency", "Time"]))


@pytest.mark.parametrize(
    "citation", ["docs/definitions.md (Latency)", "docs/definitions.md,\n    Time", "docs/definitions.md"]
)
def test_a_citation_of_a_section_or_of_the_whole_page_is_accepted(citation: str) -> None:
    assert list(_unknown(f"See {citation}.", ["Latency", "Time"])) == []


def test_every_link_to_a_heading_of_a_page_has_a_target() -> None:
    links = [
        (page, target or page.name, anchor)
        for page in PAGES
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text())
    ]
    known = {page.resolve(): set(map(_anchor, _headings(page))) for page in PAGES}
    assert [
        (page.name, target, anchor)
        for page, target, anchor in links
        if anchor not in known[(page.parent / target).resolve()]
    ] == []
