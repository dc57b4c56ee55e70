"""Mutants of response headers: values that break the schemas of the headers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve

from contract_kit.prove.proving import prove_invalid
from contract_kit.read.operations import Documented
from contract_kit.read.schemas import Node, Schemas

from .body_places import places
from .breaking import changes
from .change import Change
from .kinds import kind_name, kind_of
from .model import Response, Strictness
from .parameters import written
from .protocol import Disturbance

_LONGEST = 1_000
"""The maximum length of a header value; many clients refuse longer headers."""


class BrokenHeaders:
    """Derives invalid header values and proves them invalid, once for each header of the document."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._found: dict[tuple[str, int], tuple[Disturbance, ...]] = {}

    def of(self, documented: Documented) -> Iterator[Disturbance]:
        """Yield each way to break a header of a response."""
        for name, node in documented.header_schemas.items():
            key = (name, id(node))
            if key not in self._found:
                broken = self._broken(name, node, documented.headers[name])
                self._found[key] = tuple({each.name: each for each in broken}.values())
            yield from self._found[key]

    def _broken(self, name: str, node: Node, valid: str) -> Iterator[Disturbance]:
        values = [each for each in _readings(valid) if self._schemas.is_valid(node, each)]
        seen = {valid}
        for place in places(self._schemas, node, values[0]) if values else ():
            for change in changes(self._schemas, place):
                text = _text(name, change.value)
                if text is None or text in seen or not self._is_wrong(node, change, text):
                    continue
                seen.add(text)
                kind = change.kind or kind_name(change.keyword, change.name)
                weaker = kind_of(kind).strictness is Strictness.MAY
                yield Disturbance(
                    f"header-{name.lower()}-{change.keyword}-{change.name}",
                    partial(_with_header, name=name, value=text),
                    f"has a header {name} that {change.breaks}",
                    kind if weaker else "header",
                )

    def _is_wrong(self, node: Node, change: Change, text: str) -> bool:
        """Whether both validators refuse the changed value because of the keyword.

        Both must also refuse every other reading of the text.
        """
        readings = _readings(text)
        if change.value not in readings:
            return False
        if prove_invalid(self._schemas, [node], change.value, change.keyword, ()).doubt:
            return False
        second = self._schemas.second(node)
        return not any(self._schemas.is_valid(node, each) or second.is_valid(each) for each in readings)


def _text(name: str, value: Any) -> str | None:
    """Return a value as header text; None if no header can contain it."""
    if isinstance(value, list | dict):
        return None
    text = written({"in": "header", "name": name}, value)
    is_kept = text.isascii() and text.isprintable() and text == text.strip()
    return text if is_kept and len(text) <= _LONGEST else None


def _readings(text: str) -> list[Any]:
    """Return the values that a header's text may mean: the text, or the number, boolean or null in it."""
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [text] if isinstance(value, list | dict | str) else [value, text]


def _with_header(valid: Response, name: str, value: str) -> Response:
    return evolve(valid, headers={**valid.headers, name: value})
