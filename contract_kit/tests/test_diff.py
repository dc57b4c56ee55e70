"""Witnesses of `diff` prove their changes. The kept texts in `golden` list all kinds of changes."""

from __future__ import annotations

from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml

from contract_kit.diff.compare import compare
from contract_kit.diff.report import excerpt
from contract_kit.diff.results import OnPaper
from contract_kit.read.document import Document

from .documents import of_schema
from .golden.changes import TO, titles
from .tables import table

WAS: dict[str, Any] = {"enum": ["a"]}
OTHER = [
    (WAS, ["at"]),
    ({"type": ["string", "null"], "enum": ["a", None]}, ["at", "other"]),
    ({"enum": ["b", "a"]}, []),
]
"""How another property changes with a change: it becomes optional, becomes nullable or gets a new value."""


def _is_valid(schema: Any, value: Any) -> bool:
    """Return whether a value is valid, according to two validators that must agree."""
    found = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)
    other = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert other.is_valid(value) is found
    return found


def _pair(at: Any, other: Any, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": {"at": at, "other": other}, "required": required}


@pytest.mark.parametrize(("now", "required"), OTHER, ids=["optional", "nullable", "new value"])
def test_a_witness_proves_its_change_and_contains_no_other_change(now: Any, required: list[str]) -> None:
    schemas = [list(map(yaml.safe_load, each.split(TO))) for each in titles("diff-schemas.txt")]
    proven = 0
    for one, two in schemas:
        for was, becomes in ((one, two), (two, one)):
            old, new = _pair(was, WAS, ["at", "other"]), _pair(becomes, now, required)
            before, after = (Document.of(of_schema(each)) for each in (old, new))
            found = compare(before, after, lambda *_: None)
            for change in found.listed(OnPaper.BREAKING):
                if "format" in f"{old}{new}" or "/properties/at" not in change.location:
                    continue
                assert change.witness
                proven += 1
                assert _is_valid(new, change.witness.value)
                assert not _is_valid(old, change.witness.value)
                assert _is_valid({"properties": {"other": WAS}, "required": ["other"]}, change.witness.value)
                assert change.witness.control is None or _is_valid(old, change.witness.control)
    assert proven > 90


LONG = "x" * 300


@table(
    "value, path, what, shown",
    [
        ({"id": 7}, ("id",), "", '{"id": 7}'),
        ({"a": LONG, "b": {"c": 7, "d": LONG}}, ("b", "c"), "", '{"b": {"c": 7, ...}, ...}'),
        ([{"a": 1}, {"a": 2, "b": LONG}], (1, "a"), "", '[..., {"a": 2, ...}]'),
        ([{"a": 1, "b": LONG}, 2, 3], (0, "a"), "", '[{"a": 1, ...}, ...]'),
        ({"a": LONG, "b": 7}, (), "b", '{"b": 7, ...}'),
        ({"a": LONG, "b": 7}, (), "c", '{"a": ..., "b": ...}'),
        ({"a" * 90: 1, "b" * 90: LONG}, (), "", f'{{"{"a" * 90}": ..., "{"b" * 90}": ...}}'),
        ("x" * 198, (), "", f'"{"x" * 198}"'),
        ("x" * 199, (), "", f'"{"x" * 199}...'),
    ],
)
def test_a_report_shows_only_the_changed_part_of_a_long_witness(
    value: Any, path: Any, what: str, shown: str
) -> None:
    assert excerpt(value, path, what) == shown
