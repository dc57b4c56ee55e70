"""Candidates for mutants: valid bodies with a single change, serialized as JSON."""

from __future__ import annotations

import functools
import json
from typing import Any

from attrs import field, frozen

from contract_kit.read.paths import Path, at, pointer, replaced

from .places import Change, Place
from .valid_bodies import Base

plain = json.JSONEncoder(ensure_ascii=False).encode


@frozen(eq=False)
class Candidate:
    """A valid body with one change, which becomes a mutant if the change is proved.

    Attributes:
        base: The valid body.
        place: The value to change, with its schema.
    """

    base: Base = field(repr=False)
    place: Place
    change: Change

    @property
    def path(self) -> Path:
        """The path to the changed value."""
        return self.place.path

    @property
    def keyword(self) -> str | None:
        """The keyword that the change should break; None for a legal change."""
        return self.change.keyword or None

    @property
    def named_path(self) -> str:
        """The path as it appears in the candidate's id."""
        return self.place.name + pointer(self.change.path)

    @property
    def name(self) -> str:
        """The operator and its parameter, as they appear in the candidate's id."""
        return "=".join(filter(None, [self.change.operator, self.change.parameter]))

    def changed(self, depth: int = 0) -> Any:
        """Return the changed body, or only the part to which the first `depth` steps of the path lead."""
        value = at(self.base.value, self.path[:depth])
        return replaced(value, self.path[depth:], self.change.value)

    @property
    def unchanged(self) -> bytes:
        """The valid body as JSON."""
        return text_of(self.base).encoded

    def encoded(self) -> bytes:
        """Return the changed body as JSON."""
        text = self.change.text or plain(self.change.value)
        return text_of(self.base).replaced(self.path, text).encode()


class _Text:
    """A body serialized with `json.dumps`, in which individual values can be replaced."""

    def __init__(self, body: Any) -> None:
        self._spans: dict[Path, tuple[int, int]] = {}
        """The start and the end of each value in the text, by path."""
        self.whole = "".join(self._pieces(body, (), 0))
        self.encoded = self.whole.encode()

    def replaced(self, path: Path, text: str) -> str:
        """Return the body after replacing the text at a path."""
        start, end = self._spans[path]
        return self.whole[:start] + text + self.whole[end:]

    def _pieces(self, value: Any, path: Path, start: int) -> list[str]:
        """Return a value's text in pieces. Record where the value and each value inside it start and end."""
        if not value or not isinstance(value, dict | list):
            pieces, end = [text := plain(value)], start + len(text)
        else:
            items = value.items() if isinstance(value, dict) else enumerate(value)
            pieces, end = ["{" if isinstance(value, dict) else "["], start + 1
            for step, inner in items:
                name = ", " * (len(pieces) > 1) + (f"{plain(step)}: " if isinstance(value, dict) else "")
                pieces += [name, *self._pieces(inner, (*path, step), end + len(name))]
                end = self._spans[*path, step][1]
            pieces, end = [*pieces, "}" if isinstance(value, dict) else "]"], end + 1
        self._spans[path] = start, end
        return pieces


@functools.lru_cache(maxsize=4)
def text_of(base: Base) -> _Text:
    """Return a valid body's JSON text.

    Only the most recent texts are cached, because candidates are sorted by the body that they change.
    """
    return _Text(base.value)
