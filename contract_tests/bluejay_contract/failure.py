"""What a check reports."""

from __future__ import annotations

import json
from enum import StrEnum

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


def shown(value: object, limit: int = 80) -> str:
    """Return a value on one line of bounded length."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text[: limit * 2].split())
    return line if len(line) <= limit else f"{line[:limit]}…"
