"""The cases of `cases.txt`: responses that break a rule or keep it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.operations import RESULT, RESULTS, Operation
from contract_kit.read.paths import Path, json_path, replaced
from contract_kit.read.paths import at as value_at

from ...operations import TRAITS
from .case import Case, encoded, sound

LINES = File(__file__).with_name("cases.txt").read_text().splitlines()


def cases(operation: Operation) -> Iterator[Case]:
    """Yield each case that is possible for this operation."""
    another = "PUT" if operation.method == "POST" else "POST"
    for line in LINES:
        if not line or line.startswith("#"):
            continue
        text = line.replace("ANOTHER", another).replace("METHOD", operation.method)
        (word, name), *others = (each.split(" ", 1) for each in text.split("  "))
        parts = dict(others)
        if operation is not RESULTS and {"after", "query"} & parts.keys():
            continue
        if operation not in parts.get("only", operation):
            continue
        try:
            body = _body(operation, parts)
            before = encoded(_made(operation, parts["after"])) if "after" in parts else None
        except LookupError:
            continue
        headers = JSON_HEADERS | json.loads(parts.get("headers", "{}"))
        yield Case(
            name,
            operation,
            body,
            _fault(operation, parts) if word == "breaks" else "",
            status=int(parts.get("status", 422 if "errors" in parts else 200)),
            headers={key: value for key, value in headers.items() if value},
            key=Key(parts.get("key", "valid")),
            method=parts.get("method", ""),
            query=parts.get("query", ""),
            exists="exists" not in parts,
            earlier=before,
            earlier_query=parts.get("earlier", ""),
        )


def _body(operation: Operation, parts: Mapping[str, str]) -> bytes:
    if "errors" in parts:
        errors = json.loads(parts["errors"])
        return encoded({"detail": [{"loc": each, "msg": "No", "type": "missing"} for each in errors]})
    if "sends" not in parts:
        return encoded(_made(operation, parts.get("with", "{}")))
    data: bytes = json.loads(parts["sends"]).encode("latin-1")
    data = data.replace(b"VALID", encoded(sound(operation))).replace(b"DEEP", b"[" * 200 + b"]" * 201)
    return data.replace(b"ERROR", encoded(sound(operation, 422)))


def _fault(operation: Operation, parts: Mapping[str, str]) -> str:
    if "found" in parts:
        return parts["found"]
    return json_path(_path(parts.get("at", next(iter(json.loads(parts["with"])), "")), operation))


def _made(operation: Operation, changes: str) -> Any:
    """Return a changed example; raise LookupError if it lacks an object or a list to change."""
    document = sound(operation)
    for text, value in json.loads(changes).items():
        path = _path(text, operation)
        if isinstance(value, dict) and "items" in value:
            value = [value_at(document, path)[index] for index in value["items"]]
        if text.endswith("+"):
            path, value = path[:-1], value_at(document, path[:-1]) | {f"{path[-1]}"[:-1]: value}
        document = replaced(document, path, value) if path else value
    return document


def _path(text: str, operation: Operation) -> Path:
    """Return the path in this operation's response; a run's first result is the result fetched by id."""
    if text == "TEXT":
        return TRAITS[operation].text
    steps = re.findall(r"[^.\[\]]+", text)
    path = tuple(int(each) if each.isdecimal() else each for each in steps)
    is_first = operation is RESULT and path[:2] == ("simulation_results", 0)
    return ("simulation_result", *path[2:]) if is_first else path
