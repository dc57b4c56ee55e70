"""Generates short documents with chains of schemas in which each schema refers twice to the next.

No public document has such chains.

The work of a program that follows every path through such a chain doubles with each schema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_OBJECT = {"type": "object"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _properties(name: str) -> dict[str, Any]:
    return _OBJECT | {"properties": {"a": _ref(name), "b": _ref(name)}}


def _child(name: str) -> dict[str, Any]:
    number = name[1:]
    mapping = {each: f"{each}{number}" for each in "AB"}
    kind = {"required": ["kind"], "properties": {"kind": {"type": "string"}}}
    return _OBJECT | kind | {"discriminator": {"propertyName": "kind", "mapping": mapping}}


LINKS: dict[str, Callable[[str], dict[str, Any]]] = {
    "additionalProperties": lambda name: {"additionalProperties": _properties(name), "minProperties": 2},
    "allOf": lambda name: {"allOf": [_ref(name)] * 2},
    "anyOf": lambda name: {"anyOf": [_ref(name)] * 2},
    "contains": lambda name: {"type": "array", "contains": _ref(name), "items": _ref(name)},
    "dependentSchemas": lambda name: {
        "required": ["a", "b"],
        "dependentSchemas": dict.fromkeys("ab", _ref(name)),
    },
    "discriminator": _child,
    "if": lambda name: {"if": _ref(name), "then": _ref(name), "else": _ref(name)},
    "items": lambda name: {"type": "array", "items": _properties(name)},
    "minItems": lambda name: {"type": "array", "items": _ref(name), "minItems": 2},
    "not": lambda name: {"not": {"not": _ref(name)}, "allOf": [_ref(name)]},
    "oneOf": lambda name: {
        "oneOf": [_OBJECT | {"required": [key], "properties": {key: _ref(name)}} for key in "ab"]
    },
    "patternProperties": lambda name: _OBJECT | {"patternProperties": {"^a": _ref(name), "^b": _ref(name)}},
    "prefixItems": lambda name: {"type": "array", "prefixItems": [_ref(name)] * 2},
    "properties": _properties,
    "propertyNames": lambda name: {"propertyNames": {"allOf": [_ref(name)] * 2}},
    "required": lambda name: _properties(name) | {"required": ["a", "b"]},
    "the same property twice": lambda name: {"allOf": [_OBJECT | {"properties": {"a": _ref(name)}}] * 2},
    "unevaluatedItems": lambda name: {"allOf": [_ref(name)], "unevaluatedItems": {"type": "string"}},
    "unevaluatedProperties": lambda name: {"allOf": [_ref(name)], "unevaluatedProperties": False},
}
"""For each keyword, a function that returns a schema using the keyword to refer twice to a named schema."""


def chain(keyword: str, length: int) -> dict[str, Any]:
    """Return a document with a chain of schemas in which each refers twice to the next, with a keyword."""
    schemas: dict[str, Any] = {f"S{at}": LINKS[keyword](f"S{at + 1}") for at in range(length)}
    schemas[f"S{length}"] = {} if keyword == "propertyNames" else _OBJECT
    if keyword == "discriminator":
        for at in range(1, length + 1):
            inner = LINKS[keyword](f"S{at + 1}") if at < length else _OBJECT
            own = _OBJECT | {"required": ["inner"], "properties": {"inner": inner}}
            schemas |= {f"{name}{at}": {"allOf": [_ref(f"S{at - 1}"), own]} for name in "AB"}
    content = {"application/json": {"schema": _ref("S0")}}
    responses = {"200": {"description": "", "content": content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A chain", "version": "1"},
        "paths": {"/chain": {"get": {"operationId": "getChain", "responses": responses}}},
        "components": {"schemas": schemas},
    }
