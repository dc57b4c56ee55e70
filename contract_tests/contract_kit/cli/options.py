"""The values that options of `test`, `diff` and `export` offer."""

from __future__ import annotations

import enum


class Format(enum.StrEnum):
    """A format of the report of `diff`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"


class Since(enum.StrEnum):
    """The differences from a baseline that make `test` fail."""

    WORSE = "worse"
    NEW = "new"
    GONE = "gone"


class FailOn(enum.StrEnum):
    """The changes that make `diff` fail."""

    BREAKING = "breaking"
    UNPROVEN = "unproven"


class Tool(enum.StrEnum):
    """A format of `export`, named by the tool that reads it."""

    MSW = "msw"
    WIREMOCK = "wiremock"
    HAR = "har"
