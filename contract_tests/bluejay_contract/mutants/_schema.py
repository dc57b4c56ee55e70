"""Mutants that operators derive from every node of a schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Key
from bluejay_contract.paths import json_path
from bluejay_contract.stub import Answer

from ._mutant import Mutant, encoded
from .base import Node, Path, base, nodes, replaced

OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "seven",
    "array": ["seven"],
    "object": {"seven": 7},
}
NO_TIMES = {
    "words": "yesterday",
    "empty": "",
    "date": "2026-11-19",
    "space": "2026-11-19 16:04:00Z",
    "no-such-day": "2026-02-30T16:04:00Z",
    "no-such-hour": "2026-11-19T24:00:00Z",
    "no-such-zone": "2026-11-19T16:04:00+24:00",
    "basic": "20261119T160400Z",
}
TIMES = {
    "nine-digits": "2026-11-19T16:04:10.123456789Z",
    "lower-case": "2026-11-19t16:04:10z",
    "leap-second": "2016-12-31T23:59:60Z",
    "offset": "2026-11-19T21:34:10+05:30",
}
ZONELESS = "upstream sends times without a zone; they are read as UTC (source: domain facts)"
OPEN_ENUM = (
    "upstream adds enum values without notice; an unknown one is kept as it came (source: contract facts)"
)


RULE_OF_KIND = {"outside-the-enum": "unknown-enum-value", "legal": ""}
"""The rule that must find a variant of a kind, where it is not `response-schema-conformance`."""


@frozen
class _Variant:
    """One way to change a node.

    Attributes:
        rule: The rule that must find it, where its kind does not say.
        found_at: Where that rule must find it, where that is not its path.
    """

    kind: str
    name: str
    breaks: str
    value: Any
    path: Path
    schema_forbids: bool = True
    legal: str = ""
    tolerated: str = ""
    rule: str = ""
    found_at: Path | None = None


def schema_mutants(contract: Contract, status: int, example: str) -> Iterator[Mutant]:
    """Yield a mutant for each way in which a node of a status's body can leave its schema, or stretch it."""
    document = base(contract, status, example)
    for node in nodes(contract, contract.schema(status), document):
        for variant in _variants(contract, node):
            yield Mutant(
                id=f"{status}:{variant.kind}:{json_path(variant.path)}:{variant.name}",
                kind=variant.kind,
                breaks=f"{json_path(variant.path)} {variant.breaks}",
                answers=(_answer(status, replaced(document, variant.path, variant.value)),),
                schema_forbids=variant.schema_forbids,
                rule=variant.rule or RULE_OF_KIND.get(variant.kind, "response-schema-conformance"),
                path="" if variant.legal else json_path(variant.found_at or variant.path),
                key=Key.VALID if status == 200 else Key.MISSING,
                legal=variant.legal,
                tolerated=variant.tolerated,
            )


def _answer(status: int, document: Any) -> Answer:
    return Answer(encoded(document), status, authenticated=status == 200)


def _variants(contract: Contract, node: Node) -> Iterator[_Variant]:
    yield from _types(node)
    yield from _formats(node)
    yield from _enums(node)
    for alternative in node.alternatives:
        if isinstance(node.value, dict):
            yield from _keys(node, alternative.get("properties", {}), alternative.get("required", []))
        elif isinstance(node.value, list) and alternative.get("items"):
            yield from _items(contract, node, alternative["items"])


def _types(node: Node) -> Iterator[_Variant]:
    allowed = node.types | ({"integer"} if "number" in node.types else set())
    for name, value in OF_TYPE.items() if allowed else ():
        if name not in allowed:
            kind = "null-where-not-nullable" if name == "null" else "wrong-type"
            yield _Variant(kind, name, f"is of type {name}", value, node.path)
        elif not isinstance(node.value, type(value)):
            yield _legal(f"as-{name}", f"is of type {name}", value, node.path, "it may be of several types")
    if "integer" in node.types and isinstance(node.value, int):
        reason = "81.0 is an integer to JSON Schema"
        yield _Variant(
            "legal", "as-float", "is written 7.0", 7.0, node.path, schema_forbids=False, legal=reason
        )


def _legal(name: str, breaks: str, value: Any, path: Path, reason: str) -> _Variant:
    return _Variant("legal", name, breaks, value, path, schema_forbids=False, legal=reason)


def _formats(node: Node) -> Iterator[_Variant]:
    if not any(each.get("format") == "date-time" for each in node.alternatives):
        return
    for name, value in NO_TIMES.items():
        yield _Variant("bad-format", name, f"is {value!r}", value, node.path)
    zoneless = _Variant("drift", "no-zone", "has no zone", "2026-11-19T16:04:10", node.path)
    yield attrs.evolve(zoneless, tolerated=ZONELESS, rule="time-without-zone")
    for name, value in TIMES.items():
        yield _legal(name, f"is {value!r}", value, node.path, "RFC 3339 allows it")


def _enums(node: Node) -> Iterator[_Variant]:
    for alternative in node.alternatives:
        for name, value in (
            ("new", "NEVER_LISTED"),
            ("case", str(alternative.get("enum", [""])[0]).lower()),
            ("empty", ""),
        ):
            if "enum" in alternative:
                yield _Variant(
                    "outside-the-enum", name, f"is {value!r}", value, node.path, tolerated=OPEN_ENUM
                )


def _keys(node: Node, properties: dict[str, Any], required: list[str]) -> Iterator[_Variant]:
    for key in properties:
        without = {name: value for name, value in node.value.items() if name != key}
        if key in required:
            yield _Variant("missing-required", key, f"has no {key}", without, node.path)
        else:
            yield _legal(f"without-{key}", f"has no {key}", without, node.path, "the key is not required")
    if properties:
        more = node.value | {"undocumented_field": {"since": "today"}}
        added = _Variant("drift", "unknown-field", "has an undocumented field", more, node.path)
        found_at = (*node.path, "undocumented_field")
        yield attrs.evolve(added, schema_forbids=False, rule="unknown-field", found_at=found_at)


def _items(contract: Contract, node: Node, items: dict[str, Any]) -> Iterator[_Variant]:
    inner = Node((*node.path, 0), tuple(contract.alternatives(items)), node.value[0])
    sound, last = [node.value[0]] * 3, (*node.path, 3)
    for variant in _types(inner):
        if variant.kind != "legal":
            breaks = f"{variant.breaks}, after sound items"
            name = f"{json_path(last)}:{variant.name}"
            yield _Variant("wrong-item", name, breaks, [*sound, variant.value], node.path, found_at=last)
