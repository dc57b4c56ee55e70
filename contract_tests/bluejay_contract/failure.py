"""A rule failure, and how its values are shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import islice

from attrs import frozen


class Severity(StrEnum):
    """How serious a failure is."""

    VIOLATION = "violation"
    """The contract forbids what was received."""
    SUSPICIOUS = "suspicious"
    """The contract allows the received value, but the value is implausible."""
    DRIFT = "drift"
    """The service sends something new that is not in the contract yet."""


@frozen
class Failure:
    """One place where an exchange breaks the rule with this name.

    The path is a JSON path, or a part of the response: `status`, `header content-type`, `body`. The
    reproduction is a shell command that shows the failure again; it doesn't contain the API key.
    """

    rule: str
    severity: Severity
    path: str
    expected: str
    received: str
    reproduction: str = ""

    def __str__(self) -> str:
        return (
            f"{self.severity} {self.rule} at {self.path}: expected {self.expected}, received {self.received}"
        )


class Words(str):
    """A description of what was received, instead of the value itself."""

    __slots__ = ()


def shown(value: object, limit: int = 80) -> str:
    """Return a value on one line of at most `limit` characters: strings unchanged, other values as JSON."""
    text = value if isinstance(value, str) else json.dumps(excerpt(value), ensure_ascii=False)
    line = " ".join(text[: limit * 2].split())
    return line if len(line) <= limit else f"{line[:limit]}…"


def as_json(value: object) -> str:
    """Return a value as JSON on one line of bounded length, with strings in quotes."""
    return shown(json.dumps(excerpt(value), ensure_ascii=False))


def excerpt(value: object, text: Callable[[str], str] = lambda each: each[:200], depth: int = 6) -> object:
    """Return the part of a JSON value that fits on one line, so that printing a large or deep value is fast.

    `text` is applied to each string, including keys. Lists and objects are kept up to `depth`.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict | list) and not depth:
        return "…"
    if isinstance(value, dict):
        return {text(key): excerpt(each, text, depth - 1) for key, each in islice(value.items(), 40)}
    if isinstance(value, list):
        return [excerpt(each, text, depth - 1) for each in value[:40]]
    return value


def each_once(found: Iterable[Failure]) -> tuple[Failure, ...]:
    """Return the failures without duplicates, because an earlier request may have shown the same failure."""
    first: dict[tuple[str, ...], Failure] = {}
    for each in found:
        first.setdefault((each.rule, each.path, each.expected, each.received), each)
    return tuple(first.values())
