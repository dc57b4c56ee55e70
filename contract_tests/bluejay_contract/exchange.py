"""One request and its response, as a check sees them: bytes and words, no library's objects."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

JSON_HEADERS = {"content-type": "application/json"}


class Key(StrEnum):
    """Which API key a request carried."""

    VALID = "valid"
    WRONG = "wrong"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """Nothing is known of the request: the body was read from a file."""


class BodyError(Exception):
    """A body is not one JSON document in UTF-8; the message says why."""


@frozen
class Request:
    """What was asked.

    Attributes:
        run_id: The run that was asked for; None when the body was read from a file.
        key: Which API key it carried.
        method: In capitals.
        secret: The key itself, to look for in the response; never shown.
        source: The URL that was asked, or the file that the body was read from.
    """

    run_id: str | None = None
    key: Key = Key.UNKNOWN
    method: str = "GET"
    secret: str = field(default="", repr=False)
    source: str = "-"

    @property
    def reproduction(self) -> str:
        """The command that does the same again, without the key."""
        if "://" not in self.source:
            return f"bluejay-contract check {shlex.quote(self.source)}"
        header = "" if self.key is Key.MISSING else " -H 'X-API-Key: [Filtered]'"
        return f"curl -X {self.method}{header} {shlex.quote(self.source)}"


@define(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        headers: Of the response, by lower-case name.
        body: Of the response, decompressed and otherwise as received.
    """

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @classmethod
    def saved(cls, body: bytes, source: str = "-") -> Exchange:
        """Take a body from a file for the answer to a request of which nothing is known."""
        return cls(Request(source=source), 200, JSON_HEADERS, body)

    @cached_property
    def document(self) -> Any:
        """The body's JSON document.

        Raises:
            BodyError: It is not exactly one JSON document in UTF-8.
        """
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_refuse)
        except UnicodeDecodeError as error:
            raise BodyError(f"bytes that are not UTF-8 at position {error.start}") from None
        except RecursionError:
            raise BodyError("JSON nested too deeply") from None
        except ValueError as error:
            raise BodyError(str(error)) from None

    @property
    def has_document(self) -> bool:
        """Whether the body is a JSON document."""
        try:
            _ = self.document
        except BodyError:
            return False
        return True


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is no JSON value")
