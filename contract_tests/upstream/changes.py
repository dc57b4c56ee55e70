"""Compares two versions of facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

ABSENT: Final = object()
LONGEST = 120
"""The number of characters of a value to print."""


class Change(NamedTuple):
    """A fact that differs between two versions, or that only one of them has; the other is then ABSENT."""

    where: str
    old: Any
    new: Any

    def __str__(self) -> str:
        if self.new is ABSENT:
            return f"removed: {self.where} = {_text(self.old)}"
        if self.old is ABSENT:
            return f"added: {self.where} = {_text(self.new)}"
        return f"changed: {self.where} from {_text(self.old)} to {_text(self.new)}"


def changes(old: Any, new: Any, where: str = "") -> Iterator[Change]:
    """Yield each change, in the order of the facts' names."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            at = f"{where} > {name}" if where else name
            yield from changes(old.get(name, ABSENT), new.get(name, ABSENT), at)
    elif ABSENT in (old, new) or json.dumps(old) != json.dumps(new):  # in Python, 1 == True
        yield Change(where, old, new)


def _text(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
