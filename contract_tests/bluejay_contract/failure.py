"""What a check reports, and how it shows a value."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from itertools import islice

from attrs import frozen


class Severity(StrEnum):
    """How sure a failure is to be somebody's fault."""

    VIOLATION = "violation"
    """The contract forbids it."""
    SUSPICIOUS = "suspicious"
    """The contract allows it and it makes no sense."""
    DRIFT = "drift"
    """The service does something new that the contract doesn't know yet."""


@frozen
class Failure:
    """One rule that an exchange broke.

    Attributes:
        rule: Name of the rule.
        path: JSON path, or the part of the response: `status`, `header content-type`, `body`.
        expected: What the rule asks for.
        received: What came, cut to a line.
        reproduction: The command that shows it again, without the key.
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
    """Our own words about what came, not a value of the service's."""

    __slots__ = ()


def shown(value: object, limit: int = 80) -> str:
    """Return a value on one line of bounded length; a string as it is, anything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(excerpt(value), ensure_ascii=False)
    line = " ".join(text[: limit * 2].split())
    return line if len(line) <= limit else f"{line[:limit]}…"


def as_json(value: object) -> str:
    """Return a value as JSON on one line of bounded length, a string in quotes."""
    return shown(json.dumps(excerpt(value), ensure_ascii=False))


def excerpt(value: object, text: Callable[[str], str] = lambda each: each[:200], depth: int = 6) -> object:
    """Return as much of a value as a line can show, so that no size or depth of it costs anything.

    Args:
        value: Any JSON value.
        text: What becomes of each of its strings, keys among them.
        depth: How many levels of lists and objects to keep.
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
