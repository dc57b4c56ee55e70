"""Mutants of large bodies and long lists: how many there are, and which."""

from collections import Counter
from typing import Any

import pytest

from contract_kit.derive import bodies
from contract_kit.derive.model import PROTOCOL

from .documents import catalogue_of, gaps


def _with_required(count: int) -> dict[str, Any]:
    names = [f"a_property_{number}" for number in range(count)]
    return {"type": "object", "required": names, "properties": {each: {"type": "string"} for each in names}}


def test_fewer_values_of_a_large_body_are_changed_but_by_every_operator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "_MOST_BYTES", 50_000)
    small, large = (
        [each for each in catalogue_of(_with_required(count)).mutants() if each.group != PROTOCOL]
        for count in (5, 100)
    )
    assert {each.name for each in large} == {each.name for each in small}
    sizes = Counter[str]()
    for each in large:
        sizes[each.name] += len(each.response.body)
    assert 40_000 < max(sizes.values()) <= 60_000
    assert ["values are changed" in each.reason for each in gaps(catalogue_of(_with_required(100)))] == [True]


def test_only_some_values_of_a_long_enum_are_tried() -> None:
    values = [f"value {number}" for number in range(3_000)]
    names = Counter(each.operator.name for each in catalogue_of({"enum": values}).mutants())
    assert names["enum-value"] == 1_000
    assert names["enum-new"] == 1


def test_fewer_values_of_many_long_enums_are_tried() -> None:
    schema = _with_required(1_000)
    values = {"enum": [f"value {number}" for number in range(100)]}
    found = catalogue_of(schema | {"properties": dict.fromkeys(schema["required"], values)}).mutants()
    changed = Counter(len(each.response.body) for each in found if each.operator.name == "enum-value")
    assert changed.total() >= 300
    assert sum(size * count for size, count in changed.items()) <= 21_000_000
