"""The formats in which `diff` writes its report."""

from __future__ import annotations

import enum


class Format(enum.StrEnum):
    """A format of the report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
