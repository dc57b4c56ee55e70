"""A change to a value in a body, and the values that changes use."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from contract_kit.read.paths import Path

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
    """A new value for a place in a body.

    Attributes:
        keyword: The keyword that the change breaks; empty for a legal change.
        name: Distinguishes the change from other changes for the same keyword at the same place.
        value: The new value.
        breaks: What is wrong with the value.
        kind: The name of the change's kind; empty if the keyword and the name determine the kind.
    """

    keyword: str
    name: str
    value: Any = field(repr=False)
    breaks: str
    kind: str = ""
    found_at: Path = ()
    """The steps from the place to the path at which a validator reports the change."""


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    """Return an object without a property."""
    return {name: inner for name, inner in value.items() if name != key}
