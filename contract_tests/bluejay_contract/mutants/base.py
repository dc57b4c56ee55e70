"""The sound document that mutants start from, and the walk through it.

It is the contract's own example, so that it makes sense across fields, with whatever the example leaves out
filled in from the schema: a field added to the contract is in it without anyone's doing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract, Schema

Path: TypeAlias = tuple[str | int, ...]

_SAMPLES: dict[str, Any] = {"string": "text", "integer": 1, "number": 1.0, "boolean": True}
_SAMPLE_TIME = "2026-11-19T16:10:00Z"


@frozen
class Node:
    """A place in a document and what the contract says of it.

    Attributes:
        path: The steps to it.
        alternatives: The schemas that its value may follow.
        value: Its value in the base document.
    """

    path: Path
    alternatives: tuple[Schema, ...]
    value: Any

    @property
    def types(self) -> frozenset[str]:
        """The JSON types that it may have; empty when it may have any."""
        named = [each.get("type", []) for each in self.alternatives]
        return frozenset(name for names in named for name in ([names] if isinstance(names, str) else names))


def base(contract: Contract, status: int, example: str) -> Any:
    """Return an example of the contract with every field that its first items leave out filled in."""
    return _filled(contract, contract.schema(status), contract.examples(status)[example])


def nodes(contract: Contract, schema: Schema, document: Any, path: Path = ()) -> Iterator[Node]:
    """Yield every place that the schema describes, in the first item of each list."""
    alternatives = tuple(contract.alternatives(schema))
    yield Node(path, alternatives, document)
    for alternative in alternatives:
        if isinstance(document, dict):
            values = alternative.get("additionalProperties")
            for key, value in document.items():
                inner = alternative.get("properties", {}).get(key, values)
                if isinstance(inner, dict):
                    yield from nodes(contract, inner, value, (*path, key))
        elif isinstance(document, list) and document and "items" in alternative:
            yield from nodes(contract, alternative["items"], document[0], (*path, 0))


def replaced(document: Any, path: Path, value: Any) -> Any:
    """Return the document with another value at a path."""
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = replaced(document[path[0]], path[1:], value)
    return copy


def _filled(contract: Contract, schema: Schema, document: Any) -> Any:
    if document is None or document == []:
        return _sample(contract, schema)
    for alternative in contract.alternatives(schema):
        if isinstance(document, dict) and "properties" in alternative:
            inner = alternative["properties"]
            return document | {key: _filled(contract, inner[key], document.get(key)) for key in inner}
        if isinstance(document, list) and "items" in alternative:
            return [_filled(contract, alternative["items"], document[0]), *document[1:]]
    return document


def _sample(contract: Contract, schema: Schema) -> Any:
    alternative = next(each for each in contract.alternatives(schema) if each.get("type") != "null")
    types = alternative.get("type", "string")
    name = types if isinstance(types, str) else next(each for each in types if each != "null")
    if "enum" in alternative:
        return alternative["enum"][0]
    if name == "object":
        inner = alternative.get("properties", {})
        return {key: _sample(contract, each) for key, each in inner.items()} or {"key": 1}
    if name == "array":
        return [_sample(contract, alternative.get("items", {}))]
    return _SAMPLE_TIME if alternative.get("format") == "date-time" else _SAMPLES[name]
