"""Encodes bodies that differ from a base in one place as JSON, without encoding the rest again."""

from __future__ import annotations

import json
from typing import Any

_plain = json.JSONEncoder(ensure_ascii=False).encode


class Writer:
    """Writes values as `json.dumps` does, but encodes each part that they share with a base only once.

    Args:
        base: The value whose parts are remembered.
    """

    def __init__(self, base: Any) -> None:
        self._base = base  # keeps the base's parts alive, so that no new object gets the id of a part
        self._known: dict[int, str] = {}
        self._remember(base)

    def text(self, value: Any) -> str:
        """Return a value as JSON."""
        known = self._known.get(id(value))
        if known is not None:
            return known
        if isinstance(value, dict):
            return (
                "{" + ", ".join([f"{_plain(key)}: {self.text(inner)}" for key, inner in value.items()]) + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self.text, value)) + "]"
        return _plain(value)

    def _remember(self, value: Any) -> None:
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                self._remember(inner)
        self._known[id(value)] = self.text(value)
