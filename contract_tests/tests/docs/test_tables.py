"""Tables in the docs have a row for every gate rule and for every webhook event."""

import re
from pathlib import Path

from bluejay_contract.contract import Contract
from bluejay_results.cli.rules import RULES_BY_NAME
from contract_kit.tests.tables import table

from ..oracle.gates import RULES

DOCS = Path(__file__).parents[3] / "docs"


@table("page, names", [("gate", {*RULES_BY_NAME, "base"}), ("definitions", {*RULES})])
def test_every_gate_rule_is_in_the_rules_table_of_a_page(page: str, names: set[str]) -> None:
    text = (DOCS / f"{page}.md").read_text()
    assert names - {*re.findall(r"^\| `--([a-z-]+)` \|", text, re.MULTILINE)} == set()


def test_every_webhook_event_is_in_the_events_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", (DOCS / "webhooks.md").read_text(), re.MULTILINE)
    names = Contract.load().document["webhooks"]
    assert rows == [(name, name.title().replace("_", "")) for name in names]
