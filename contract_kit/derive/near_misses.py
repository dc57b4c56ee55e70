"""Makes near misses: values that real servers have sent instead of the documented values.

For each operator, `operators.toml` cites a public incident, and states whether the value keeps its meaning.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contract_kit.read.graph import Node
from contract_kit.read.paths import without

from .places import TYPE_NAMES, Change, Place, state

_SHOWN = 40
"""The maximum length of a value in a message."""
_IN_ORDER = ("enum", "const", "format", "pattern", "minLength", "maxLength")
"""The keywords that a scalar of the right type might break, in the order in which they are tried."""


def near_misses(place: Place) -> Iterator[Change]:
    """Yield near misses of a place's value that should break its schema. `proving` confirms that they do."""
    node, value = place.node, place.value
    for operator, wrong in _values(node, value, is_root=not place.path):
        if keyword := _broken(node, wrong):
            breaks = f"is {_shown(wrong)} instead of {_shown(value)}"
            breaks = "is wrapped in another object" if operator == "wrapped" else breaks
            yield Change(operator, wrong, breaks, keyword, state(value))
    if isinstance(value, dict):
        yield from _with_renamed_keys(node, value)


def _broken(node: Node, wrong: Any) -> str:
    """Return the keyword that a wrong value should break, or an empty string if the schema has none."""
    name = TYPE_NAMES[type(wrong)]
    if "type" in node and not {name, "number" if name == "integer" else name} & {*node.types}:
        return "type"
    return next((each for each in _IN_ORDER if each in node), "required" if "required" in node else "")


def _shown(value: Any) -> str:
    if value and isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _values(node: Node, value: Any, *, is_root: bool) -> Iterator[tuple[str, Any]]:
    """Yield each operator, and a value that the operator makes from the valid value."""
    if value is not None:
        yield "null", None
    if isinstance(value, bool):
        yield from _of_boolean(value)
    elif isinstance(value, int | float):
        yield from _of_number(value)
    elif isinstance(value, str):
        yield from _of_text(node, value)
    elif isinstance(value, dict):
        yield from _of_object(value, is_root=is_root)
    elif isinstance(value, list):
        yield from _of_list(value, is_root=is_root)
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        yield "list-of-one", [value]


def _of_boolean(value: bool) -> Iterator[tuple[str, Any]]:
    yield "boolean-as-number", int(value)
    yield "boolean-as-text", str(value).lower()
    yield "boolean-as-word", "yes" if value else "no"


def _of_number(value: float) -> Iterator[tuple[str, Any]]:
    text = json.dumps(value)
    local = f"{value:,}" if abs(value) >= 1_000 else text.replace(".", ",")
    yield "number-as-text", text
    if local != text:
        yield "local-number", local
    yield "placeholder", "N/A"
    yield "nan-as-text", "NaN"
    yield "empty-text", ""


def _of_text(node: Node, value: str) -> Iterator[tuple[str, Any]]:
    yield "false-for-text", False
    if re.fullmatch(r"[1-9][0-9]{0,14}", value):
        yield "text-as-number", int(value)
    if "enum" in node:
        yield "enum-case", value.lower() if value != value.lower() else value.upper()
        yield "empty-enum-value", ""
    if (name := node.get("format")) is not None:
        yield "empty-text", ""
        yield from _of_format(name, value)


def _of_format(name: str, value: str) -> Iterator[tuple[str, Any]]:
    if name == "uuid":
        yield "uuid-without-dashes", value.replace("-", "")
    if name == "date":
        yield "date-as-midnight", f"{value}T00:00:00Z"
        yield "zero-date", "0000-00-00"
        yield from _epochs(f"{value}T00:00:00Z")
    if name == "date-time":
        yield "date-time-without-zone", re.sub(r"(Z|[+-]\d\d:\d\d)$", "", value, flags=re.IGNORECASE)
        yield "date-time-with-space", f"{value[:10]} {value[11:]}"
        yield "zone-without-colon", re.sub(r"Z$", "+0000", re.sub(r"(\d\d):(\d\d)$", r"\1\2", value))
        yield "date-time-as-date", value[:10]
        yield "zero-date", "0000-00-00 00:00:00"
        yield from _epochs(value)


def _epochs(date_time: str) -> Iterator[tuple[str, Any]]:
    """Yield a date-time as a Unix timestamp, in seconds and in milliseconds, unless it is a leap second."""
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(date_time.upper()).timestamp()
        yield "epoch-seconds", int(moment)
        yield "epoch-milliseconds", round(moment * 1_000)


def _of_object(value: dict[str, Any], *, is_root: bool) -> Iterator[tuple[str, Any]]:
    yield ("list-for-object" if value else "list-for-empty-object"), []
    yield "false-for-object", False
    yield "json-in-text", json.dumps(value, ensure_ascii=False)
    if is_root:
        yield "wrapped", {"data": value}


def _of_list(value: list[Any], *, is_root: bool) -> Iterator[tuple[str, Any]]:
    if not value:
        yield "object-for-empty-list", {}
    if len(value) == 1:
        yield "item-for-list", value[0]
    if len(value) > 1:
        yield "list-as-object", {str(2 * index): each for index, each in enumerate(value)}  # with gaps
    if value:
        yield "json-in-text", json.dumps(value, ensure_ascii=False)
    if is_root:
        yield "wrapped", {"count": len(value), "value": value}


def _with_renamed_keys(node: Node, value: dict[str, Any]) -> Iterator[Change]:
    """For each required multi-word key, yield the object with this key in camel case or snake case."""
    for key in node.get("required", ()):
        camel = re.sub(r"_([a-z])", lambda found: found[1].upper(), key)
        other = camel if camel != key else re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", key).lower()
        if key in value and other not in value:
            renamed = without(value, (key,)) | {other: value[key]}
            yield Change(
                "key-case", renamed, f"has property {other} instead of {key}", "required", path=(key,)
            )
