"""Coverage of the contract: how much of it a set of responses reaches, and how much they violate.

The contract consists of obligations: for each place in a body, every type that the value may have, every
required or optional key, every value of an enum, every format; and every documented status. A response that
meets an obligation reaches it, one that doesn't violates it. An obligation that no response reaches or
violates is not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from attrs import field, frozen
from contract_kit.formats import is_time

from .contract import Contract, Schema
from .exchange import Exchange

Obligation: TypeAlias = str

_JSON_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


@frozen
class Coverage:
    """The obligations that a set of responses reaches and violates.

    Attributes:
        reachable: Every obligation that a valid response can meet.
        violable: Every obligation that a response can break.
    """

    reachable: frozenset[Obligation] = field(repr=False)
    violable: frozenset[Obligation] = field(repr=False)
    reached: frozenset[Obligation] = field(repr=False)
    violated: frozenset[Obligation] = field(repr=False)

    @property
    def missing(self) -> list[str]:
        """The obligations that no response reached or violated, one line each."""
        lines = [f"never reached: {each}" for each in sorted(self.reachable - self.reached)]
        return lines + [f"never violated: {each}" for each in sorted(self.violable - self.violated)]

    @property
    def percentage(self) -> float:
        """The percentage of obligations reached and violated (0 to 100)."""
        whole = len(self.reachable) + len(self.violable)
        return 100 * (whole - len(self.missing)) / whole


def coverage(contract: Contract, exchanges: Iterable[Exchange]) -> Coverage:
    """Count which obligations of a contract a set of responses reaches and violates."""
    reachable, violable = _obligations(contract)
    reached: set[Obligation] = set()
    violated: set[Obligation] = set()
    for exchange in exchanges:
        if exchange.status not in contract.statuses:
            violated.add("status")
            continue
        reached.add(f"status {exchange.status}")
        if exchange.has_document:
            schema = contract.schema(exchange.status)
            _meet(contract, schema, exchange.document, str(exchange.status), reached, violated)
    return Coverage(reachable, violable, frozenset(reached & reachable), frozenset(violated & violable))


def _obligations(contract: Contract) -> tuple[frozenset[Obligation], frozenset[Obligation]]:
    reachable = {f"status {status}" for status in contract.statuses}
    violable = {"status"}
    for status in contract.statuses:
        for place, alternatives in _places(contract, contract.schema(status), str(status)):
            names = _types(alternatives)
            reachable |= {f"{place} {name}" for name in names or ("any",)}
            violable |= {f"{place} type"} if names else set()
            for alternative in alternatives:
                kept, broken = _of_keywords(place, alternative)
                reachable |= kept
                violable |= broken
    return frozenset(reachable), frozenset(violable)


def _of_keywords(place: str, schema: Schema) -> tuple[set[Obligation], set[Obligation]]:
    required = set(schema.get("required", []))
    optional = schema.get("properties", {}).keys() - required
    reachable = {f"{place} enum {value}" for value in schema.get("enum", [])}
    reachable |= {f"{place} without {key}" for key in optional}
    reachable |= {f"{place} unknown key"} if "properties" in schema else set()
    violable = {f"{place} required {key}" for key in required}
    violable |= {f"{place} {keyword}" for keyword in ("enum", "format") if keyword in schema}
    return reachable, violable


def _places(contract: Contract, schema: Schema, place: str) -> Iterator[tuple[str, tuple[Schema, ...]]]:
    alternatives = contract.alternatives(schema)
    yield place, alternatives
    for alternative in alternatives:
        for step, inner in _children(alternative):
            yield from _places(contract, inner, f"{place}{step}")


def _children(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for key, inner in schema.get("properties", {}).items():
        yield f".{key}", inner
    if schema.get("items"):
        yield "[]", schema["items"]
    if isinstance(schema.get("additionalProperties"), dict):
        yield ".*", schema["additionalProperties"]


def _meet(
    contract: Contract, schema: Schema, value: Any, place: str, reached: set[str], violated: set[str]
) -> None:
    alternatives = contract.alternatives(schema)
    names, name = _types(alternatives), _json_type(value)
    if names and name not in names and not (name == "integer" and "number" in names):
        violated.add(f"{place} type")
        return
    reached.add(f"{place} {name if name in names else 'number' if names else 'any'}")
    for alternative in alternatives:
        _meet_keywords(contract, alternative, value, place, reached, violated)


def _meet_keywords(
    contract: Contract, schema: Schema, value: Any, place: str, reached: set[str], violated: set[str]
) -> None:
    if "enum" in schema and isinstance(value, str):
        known = value in schema["enum"]
        (reached if known else violated).add(f"{place} enum {value}" if known else f"{place} enum")
    if "format" in schema and isinstance(value, str) and not is_time(value):
        violated.add(f"{place} format")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        violated.update(f"{place} required {key}" for key in schema.get("required", []) if key not in value)
        reached.update(f"{place} without {key}" for key in properties if key not in value)
        reached.update(f"{place} unknown key" for key in value if key not in properties)
    for step, inner in _children(schema):
        for child in _values(step, schema, value):
            _meet(contract, inner, child, f"{place}{step}", reached, violated)


def _values(step: str, schema: Schema, value: Any) -> Iterator[Any]:
    if isinstance(value, list) and step == "[]":
        yield from value
    elif isinstance(value, dict) and step == ".*":
        yield from (child for key, child in value.items() if key not in schema.get("properties", {}))
    elif isinstance(value, dict) and step[1:] in value:
        yield value[step[1:]]


def _types(alternatives: tuple[Schema, ...]) -> set[str]:
    named = [each.get("type", []) for each in alternatives]
    return {name for names in named for name in ([names] if isinstance(names, str) else names)}


def _json_type(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _JSON_TYPES[type(value)]
