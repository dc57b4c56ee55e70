"""The kept outputs contain every command, output option, field and column, with values of their own."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from inspect import isabstract
from io import StringIO
from itertools import combinations
from typing import Any

import pytest
from bluejay_results.cli.app import SUMMARIES, load
from bluejay_results.cli.options import OUTPUTS
from bluejay_results.export.tables import TABLES
from bluejay_results.gate import Rule, RuleVerdict
from bluejay_results.json_output import DOCUMENTS

from .outputs import KEPT, LINES
from .situations import SITUATIONS, judged

NOT_KEPT = {"export --resume"}
"""Parquet needs an extra: `make test-export` tests it."""
DOCUMENTS_KEPT = [
    json.loads(each.read_text().partition("\n2> ")[0].partition("\nexit code")[0])
    for each in sorted(KEPT.glob("*.json"))
]


def test_each_output_option_of_each_command_is_used() -> None:
    used = [line.split() for line in LINES.values()]
    unused = set[str]()
    for name in SUMMARIES.keys() - {"wait"}:  # it prints what `show` prints
        for each in load(name).params:
            is_used = any(line[0] == name and {*each.opts} & {*line} for line in used)
            if getattr(each, "rich_help_panel", None) == OUTPUTS and not is_used:
                unused.add(f"{name} {each.opts[-1]}")
    assert unused == NOT_KEPT


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(each)


def test_each_json_document_is_kept() -> None:
    assert {each["format"] for each in DOCUMENTS_KEPT} == {*DOCUMENTS}


def test_each_field_of_the_json_has_a_value() -> None:
    """Objects with the same fields are of one kind, and so are those that have more fields beside them."""
    seen = dict[frozenset[str], set[str]]()
    for each in objects(DOCUMENTS_KEPT):
        filled = {name for name, value in each.items() if value not in (None, [], {})}
        seen.setdefault(frozenset(each), set()).update(filled)
    empty = {
        kind: missing
        for kind in seen
        if (missing := kind.difference(*(filled for other, filled in seen.items() if kind <= other)))
    }
    assert empty == {}


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_values_that_no_other_column_has(table: str) -> None:
    rows = list(csv.DictReader(StringIO((KEPT / "export" / f"{table}.csv").read_text("utf-8-sig"))))
    columns = {name: [each[name] for each in rows] for name in rows[0]}
    same = [(a, b) for a, b in combinations(columns, 2) if columns[a] == columns[b]]
    assert [*same, *(name for name, each in columns.items() if not any(each))] == []


def rules(kind: type[Rule] = Rule) -> set[type[Rule]]:
    found = set() if isabstract(kind) else {kind}
    return found.union(*map(rules, kind.__subclasses__()))


def test_every_rule_is_kept_broken_and_inconclusive_in_some_situation() -> None:
    shown = defaultdict[type[Rule], set[RuleVerdict]](set)
    for verdict in map(judged, SITUATIONS):
        for each in (*verdict.findings, *(found for run in verdict.runs for found in run.findings)):
            shown[type(each.rule)].add(each.verdict)
    needed = {RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE}
    assert {each.__name__: needed - shown[each] for each in rules() if needed - shown[each]} == {}
