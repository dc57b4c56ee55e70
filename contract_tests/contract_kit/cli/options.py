"""The values of options for `test`, `diff` and `export`."""

from __future__ import annotations

import enum


class Format(enum.StrEnum):
    """A report format for `diff`."""

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
    """An `export` format, named after the tool that reads it."""

    MSW = "msw"
    WIREMOCK = "wiremock"
    HAR = "har"
