"""Each way to break a keyword: the new value, what is wrong with it, and its kind."""

import json
from pathlib import Path
from typing import Any

import pytest
from contract_kit.body_places import Place
from contract_kit.breaking import changes

from .documents import of_schema, read_schema

CASES = [case.splitlines() for case in Path(__file__).with_name("breaking.txt").read_text().split("\n\n")]
"""A schema and a value by it, then a line for each change."""


def described(schema: Any, value: Any) -> list[str]:
    """Return a line for each change of a value."""
    schemas, node = read_schema(of_schema(schema))
    found = changes(schemas, Place((), value, node))
    return [
        f"    {each.keyword} {each.name}: {json.dumps(each.value)} {each.breaks}"
        + (f"; kind {each.kind}" if each.kind else "")
        + (f"; found at {'/'.join(map(str, each.found_at))}" if each.found_at else "")
        for each in found
    ]


@pytest.mark.parametrize(("case", "lines"), [(case, lines) for case, *lines in CASES])
def test_a_value_is_changed_in_each_way_that_breaks_a_keyword(case: str, lines: list[str]) -> None:
    schema, value = map(json.loads, case.split(" of "))
    assert described(schema, value) == lines
