"""The pages that `make docs` collects for the site; `make test-docs` opens the built site in a browser."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bluejay_results
import pytest
import yaml
from bluejay_contract import checks
from bluejay_results.export.tables import TABLES
from bluejay_results.results.json_output import DOCUMENTS, Field
from contract_kit.derive.operators import OPERATORS as ALL_OPERATORS
from contract_kit.judge.json_fields import REPORT, ROW
from contract_kit.tests.tables import table
from contract_page import contract_page
from operators_page import operators_page
from rules_page import rules_page
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


def test_the_export_page_lists_every_column_of_every_table(pages: Path) -> None:
    columns = re.findall(r"^\| `(.*?)` \| (\w+) \| .+ \|$", (pages / "export.md").read_text(), re.MULTILINE)
    assert columns == [(each.name, each.type) for table in TABLES.values() for each in table.columns]


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


@table("source", sources())
def test_list_item_content_is_indented_by_four_spaces(source: Path) -> None:
    """With fewer spaces, the site would end the list before this content."""
    text = re.sub(r"^```.*?^```", "", source.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^ {2,3}(?:[-*|]|\d+\.) .*", text, re.MULTILINE) == []


def test_the_reference_has_every_public_name_of_bluejay_results() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "reference").glob("*.md"))
    named = set(re.findall(r"^::: bluejay_results\.(\w+)$", pages, re.MULTILINE))
    assert set(bluejay_results.__all__) - named == set(), "Add each name to a page in docs/reference/."


def test_the_contract_page_lists_every_path_and_schema_and_field() -> None:
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    schemas = document["components"]["schemas"]
    wanted = {*document["paths"], *document["webhooks"], *schemas}
    wanted |= {field for schema in schemas.values() for field in schema.get("properties", ())}
    named = set(re.findall(r"[\w/{}-]+", contract_page(ROOT / "openapi.yaml")))
    assert wanted - named == set()


def test_the_rules_page_describes_every_rule() -> None:
    rows = re.findall(r"^\| `(.+?)` \| (\w+) \| .+\. \|$", rules_page(), re.MULTILINE)
    rules: list[Any] = [*checks.RULES, *checks.SEQUENCE_RULES]
    assert rows == [(each.name, each.severity) for each in rules]


def test_the_operators_page_lists_each_operator_under_its_strictness() -> None:
    listed = [
        (name, strictness)
        for strictness, rows in re.findall(
            r"^## (\w+)\n(.*?)(?=^## |\Z)", operators_page(), re.MULTILINE | re.DOTALL
        )
        for name in re.findall(r"^\| `(.+?)` \| \S", rows, re.MULTILINE)
    ]
    assert sorted(listed) == sorted(
        (name, str(operator.strictness)) for name, operator in ALL_OPERATORS.items()
    )


def test_a_page_that_only_the_site_completes_says_so_in_a_checkout(pages: Path) -> None:
    reference = sorted((ROOT / "docs" / "reference").glob("*.md"))
    filled = [page for page in reference if "\n:::" in page.read_text()]
    assert [page for page in reference if "In a checkout" in page.read_text()] == filled
    assert not [page for page in filled if "In a checkout" in (pages / "reference" / page.name).read_text()]
