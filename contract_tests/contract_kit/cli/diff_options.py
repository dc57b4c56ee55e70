"""The values that options of `diff` offer."""

from __future__ import annotations

import enum


class Format(enum.StrEnum):
    """A format of the report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"


class FailOn(enum.StrEnum):
    """The changes that make the command fail."""

    BREAKING = "breaking"
    UNPROVEN = "unproven"
