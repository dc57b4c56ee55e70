"""The tables of pages have a row for every rule of the gate, and for every event of a webhook."""

import re
from pathlib import Path

import pytest
from bluejay_contract.contract import Contract
from bluejay_results.cli.rules import RULES_BY_NAME

from ..oracle.gates import RULES

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("page", "names"), [("gate", {*RULES_BY_NAME, "base"}), ("definitions", {*RULES})])
def test_every_rule_of_the_gate_is_in_the_table_of_a_page(page: str, names: set[str]) -> None:
    text = (DOCS / f"{page}.md").read_text()
    assert names - {*re.findall(r"^\| `--([a-z-]+)` \|", text, re.MULTILINE)} == set()


def test_every_event_of_a_webhook_is_in_the_table_of_events() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", (DOCS / "webhooks.md").read_text(), re.MULTILINE)
    names = Contract.load().document["webhooks"]
    assert rows == [(name, name.title().replace("_", "")) for name in names]
