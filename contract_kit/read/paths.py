"""Looks up and replaces values in JSON documents by path, and formats paths as JSONPath or JSON Pointer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes on the way from a document's root to a value."""


def json_path(path: Iterable[str | int]) -> str:
    """Return a path as JSONPath: `$.orders[0].id`, `$['odd key']`."""
    text = "$"
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if step.isidentifier() else f"[{step!r}]"
    return text


def pointer(path: Iterable[str | int]) -> str:
    """Return a path as a JSON Pointer."""
    steps = list(map(str, path))
    text = "/".join(["", *steps])
    if "~" not in text and text.count("/") == len(steps):  # no step needs an escape
        return text
    return "/".join(["", *(step.replace("~", "~0").replace("/", "~1") for step in steps)])


def unescaped(step: str) -> str:
    """Unescape a JSON Pointer's reference token."""
    return step.replace("~1", "/").replace("~0", "~")


def steps(document: Any, pointer: str) -> Path:
    """Return the path of the value to which a JSON Pointer refers in a document."""
    found: list[str | int] = []
    for step in pointer.split("/")[1:]:
        found.append(int(step) if isinstance(at(document, found), list) else unescaped(step))
    return tuple(found)


def at(document: Any, path: Iterable[str | int]) -> Any:
    """Return the value at a path."""
    for step in path:
        document = document[step]
    return document


def paths(document: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value in a document, beginning with the path of the document itself."""
    yield path
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    for step, value in inner:
        yield from paths(value, (*path, step))


def replaced(document: Any, path: Path, value: Any) -> Any:
    """Return a copy of a document with one value replaced. The copy shares all other values.

    Raises:
        LookupError: The document has no value at the path's parent.
    """
    if not path:
        return value
    try:
        inner, copy = document[path[0]], document.copy()
    except (AttributeError, TypeError):  # the path leads through something else than an object or a list
        raise KeyError(path[0]) from None
    copy[path[0]] = replaced(inner, path[1:], value)
    return copy


def without(document: Any, path: Path) -> Any:
    """Return a copy of a document without one value. The copy shares all other values."""
    *parents, last = path
    holder = at(document, parents).copy()
    del holder[last]
    return replaced(document, tuple(parents), holder)
