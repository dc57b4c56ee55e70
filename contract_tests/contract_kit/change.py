"""A change to a value in a body, and the values that changes are made of."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from .paths import Path

OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "seven",
    "array": ["seven"],
    "object": {"seven": 7},
}
"""A value of each JSON type."""

NEW_VALUE = "NEVER_LISTED"
NEW_KEY = "undocumented_field"


@frozen
class Change:
    """Another value for a place.

    Attributes:
        keyword: The keyword that it breaks.
        name: What tells it from other changes by the same keyword at the same place.
        value: The value.
        breaks: What is wrong with it.
        kind: The name of its kind, where the keyword and its own name don't tell.
    """

    keyword: str
    name: str
    value: Any = field(repr=False)
    breaks: str
    kind: str = ""
    found_at: Path = ()
    """The steps from the place to where a validator reports it."""


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    """Return an object without a property."""
    return {name: inner for name, inner in value.items() if name != key}
