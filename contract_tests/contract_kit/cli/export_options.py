"""The formats of the command `export`."""

from __future__ import annotations

import enum


class Tool(enum.StrEnum):
    """A format, named by the tool that reads it."""

    MSW = "msw"
    WIREMOCK = "wiremock"
    HAR = "har"
