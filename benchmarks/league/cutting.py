"""Cuts a document to a few operations and the components that they use, by the rule in choice.toml."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, TypeAlias
from urllib.parse import unquote

from contract_kit.read.operations import is_json

JSON: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str, str]
"""The path and the method of an operation, or the kind and the name of a component."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_KEPT = ("openapi", "info", "jsonSchemaDialect")


def qualifying(document: JSON) -> list[Place]:
    """Return the operations that the league can call, in document order."""
    broken = _broken(document)
    return [
        (path, method)
        for path, item in (document.get("paths") or {}).items()
        if isinstance(item, dict)
        for method in item
        if method in _METHODS and _qualifies(document, item, item[method], broken)
    ]


def cut(document: JSON, limit: int, seed: str) -> JSON:
    """Return a document with at most `limit` qualifying operations, drawn at random."""
    places = qualifying(document)
    drawn = random.Random(seed).sample(range(len(places)), min(limit, len(places)))  # noqa: S311 - not a secret
    paths: dict[str, JSON] = {}
    for number, index in enumerate(sorted(drawn), 1):
        path, method = places[index]
        item = document["paths"][path]
        shared = _without(item, *_METHODS, "servers")
        operation = _operation(item[method]) | {"operationId": f"operation{number}"}
        paths[path] = paths.get(path, shared) | {method: operation}
    components: JSON = {}
    for kind, name in sorted(_reached(document, paths)):
        components.setdefault(kind, {})[name] = _part(document, kind, name)
    kept = {key: document[key] for key in _KEPT if key in document}
    return kept | {"paths": paths, "components": components}


def _qualifies(document: JSON, item: JSON, operation: Any, broken: set[Place]) -> bool:
    if not isinstance(operation, dict) or "requestBody" in operation or "$ref" in item:
        return False
    kept = _operation(operation)
    used = _direct([item.get("parameters", []), kept])
    if not all(_is_there(document, place) and place not in broken for place in used):
        return False
    responses = [(status, _resolved(document, each)) for status, each in kept["responses"].items()]
    contents = [each.get("content", {}) for status, each in responses if status.startswith("2")]
    return any(is_json(kind) and "schema" in media for each in contents for kind, media in each.items())


def _broken(document: JSON) -> set[Place]:
    """Return the components that refer, directly or indirectly, to something that isn't a component."""
    components = document.get("components") or {}
    places = [(kind, name) for kind, named in components.items() if isinstance(named, dict) for name in named]
    users: dict[Place, list[Place]] = {}
    for place in places:
        for used in _direct(_part(document, *place)):
            users.setdefault(used, []).append(place)
    broken: set[Place] = set()
    left = [used for used in users if not _is_there(document, used)]
    while left:
        for user in users.get(left.pop(), ()):
            if user not in broken:
                broken.add(user)
                left.append(user)
    return broken


def _is_there(document: JSON, place: Place) -> bool:
    kind, name = place
    return name in ((document.get("components") or {}).get(kind) or {})


def _operation(operation: JSON) -> JSON:
    responses = {status: _without(each, "links") for status, each in operation.get("responses", {}).items()}
    return _without(operation, "servers", "security", "callbacks") | {"responses": responses}


def _without(node: JSON, *keys: str) -> JSON:
    return {key: value for key, value in node.items() if key not in keys}


def _part(document: JSON, kind: str, name: str) -> Any:
    found = document["components"][kind][name]
    return _without(found, "links") if kind == "responses" else found


def _resolved(document: JSON, node: JSON) -> JSON:
    while "$ref" in node:
        node = _part(document, *_place(node["$ref"]))
    return node


def _reached(document: JSON, used: Any) -> set[Place]:
    """Return the kind and the name of each component that a part refers to, directly or indirectly."""
    reached: set[Place] = set()
    parts = [used]
    while parts:
        for place in _direct(parts.pop()) - reached:
            reached.add(place)
            parts.append(_part(document, *place))
    return reached


def _direct(used: Any) -> set[Place]:
    """Return the targets of a part's references. A target that isn't a component has an empty kind."""
    return set(map(_place, _references(used)))


def _place(reference: str) -> Place:
    match reference.split("/"):
        case ["#", "components", kind, name, *_]:
            return kind, unquote(name).replace("~1", "/").replace("~0", "~")
    return "", reference


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _references(each)
    elif isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        if isinstance(mapping := node.get("mapping"), dict) and "propertyName" in node:
            names = (each for each in mapping.values() if isinstance(each, str))
            yield from (each if "/" in each else f"#/components/schemas/{each}" for each in names)
        for each in node.values():
            yield from _references(each)
