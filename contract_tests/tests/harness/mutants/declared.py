"""The cases of `cases.txt`: changes to a valid body that break a rule or keep it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from bluejay_contract.operations import RESULT, RESULTS, Operation
from contract_kit.read.paths import Path, json_path, replaced
from contract_kit.read.paths import at as value_at

from .case import Case, encoded, sound

LINES = File(__file__).with_name("cases.txt").read_text().splitlines()


def cases(operation: Operation) -> Iterator[Case]:
    """Yield each case whose changes are possible in this operation's response."""
    for line in LINES:
        if not line or line.startswith("#"):
            continue
        first, *others = line.split("  ")
        (word, name), parts = first.split(" ", 1), dict(each.split(" ", 1) for each in others)
        if operation is not RESULTS and {"after", "query"} & parts.keys():
            continue
        changes, earlier = (json.loads(parts.get(each, "{}")) for each in ("with", "after"))
        try:
            body, before = (encoded(_made(sound(operation), each, operation)) for each in (changes, earlier))
        except LookupError:
            continue
        at = json_path(_path(parts.get("at", next(iter(changes), "")), operation))
        yield Case(
            name,
            operation,
            body,
            at if word == "breaks" else "",
            query=parts.get("query", ""),
            earlier=before if "after" in parts else None,
            earlier_query=parts.get("earlier", ""),
        )


def _made(document: Any, changes: Mapping[str, Any], operation: Operation) -> Any:
    """Return a changed document; raise LookupError if it lacks an object or a list to change."""
    for text, value in changes.items():
        path = _path(text, operation)
        if isinstance(value, dict) and "items" in value:
            value = [value_at(document, path)[index] for index in value["items"]]
        if text.endswith("+"):
            path, value = path[:-1], value_at(document, path[:-1]) | {f"{path[-1]}"[:-1]: value}
        document = replaced(document, path, value)
    return document


def _path(text: str, operation: Operation) -> Path:
    """Return the path in this operation's response; a run's first result is the result fetched by id."""
    steps = re.findall(r"[^.\[\]]+", text)
    path = tuple(int(each) if each.isdecimal() else each for each in steps)
    is_first = operation is RESULT and path[:2] == ("simulation_results", 0)
    return ("simulation_result", *path[2:]) if is_first else path
