"""Pages name every rule of the gate."""

import re
from pathlib import Path

import pytest
from bluejay_results.cli.rules import RULES_BY_NAME

from ..oracle.gates import RULES

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("page", "names"), [("gate", {*RULES_BY_NAME, "base"}), ("definitions", {*RULES})])
def test_every_rule_of_the_gate_is_in_the_table_of_a_page(page: str, names: set[str]) -> None:
    text = (DOCS / f"{page}.md").read_text()
    assert names - {*re.findall(r"^\| `--([a-z-]+)` \|", text, re.MULTILINE)} == set()
