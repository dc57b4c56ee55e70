"""JSON paths as people write them."""

from collections.abc import Iterable
from typing import Any


def json_path(parts: Iterable[str | int]) -> str:
    """Join the steps into a document: `$.simulation_results[0].id`, `$['odd key']`."""
    path = "$"
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if part.isidentifier() else f"[{part!r}]"
    return path


def at(document: Any, path: Iterable[str | int]) -> Any:
    """Return what stands at the end of a path."""
    for step in path:
        document = document[step]
    return document


def steps(document: Any, pointer: str) -> tuple[str | int, ...]:
    """Return the steps that a JSON Pointer takes into a document."""
    found: list[str | int] = []
    for part in pointer.split("/")[1:]:
        parent = at(document, found)
        found.append(int(part) if isinstance(parent, list) else part.replace("~1", "/").replace("~0", "~"))
    return tuple(found)
