"""The pages that `make docs` collects for the site; `make test-docs` opens the built site in a browser."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bluejay_results
import pytest
from bluejay_results.json_output import DOCUMENTS, Field
from contract_kit.judge.json_fields import REPORT, ROW
from stage import CONTRACT, OPERATORS, RULES, main, site_path, sources

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    main(folder)
    return folder


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        for each in node.values() if isinstance(node, dict) else node:
            yield from _leaves(each)


def test_the_navigation_lists_every_page_once() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]
    assert sorted(_leaves(nav)) == sorted(map(str, [CONTRACT, OPERATORS, RULES, *map(site_path, sources())]))


def test_the_json_page_explains_every_field_of_every_document(pages: Path) -> None:
    page = (pages / "reference" / "json.md").read_text()
    rows = re.findall(r"^\| `([\w.]*?)` \| .+\. \|$", page, re.MULTILINE)
    expected, seen = list[str](), set[tuple[Field, ...]]()
    for fields in DOCUMENTS.values():
        for each in fields:
            nested = () if each.fields in seen else each.fields
            expected += [each.name, *(f"{each.name}.{inner.name}" for inner in nested)]
            seen.add(each.fields)
    assert rows == expected


def test_the_kits_json_page_lists_every_field_of_the_report_and_of_a_row(pages: Path) -> None:
    page = (pages / "reference" / "contract-kit-json.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| .+\. \|$", page, re.MULTILINE)
    assert rows == [each.name for fields in (REPORT, ROW) for each in fields]


def test_the_reference_has_every_public_name_of_bluejay_results() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "reference").glob("*.md"))
    named = set(re.findall(r"^::: bluejay_results\.(\w+)$", pages, re.MULTILINE))
    assert set(bluejay_results.__all__) - named == set(), "Add each name to a page in docs/reference/."
