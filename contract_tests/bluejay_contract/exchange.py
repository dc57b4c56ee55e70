"""One request and its response, as a check sees them: bytes and words, no library's objects."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

JSON_HEADERS = {"content-type": "application/json"}
WRONG_KEY = "not-a-key"
"""What a request with a wrong key carries: nobody can take it for a real one."""

_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


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
        is_of_a_run: Whether there is such a run, as far as anybody knows.
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
    is_of_a_run: bool = True

    @property
    def reproduction(self) -> str:
        """The command that does the same again, without the key."""
        if "://" not in self.source:
            return f"bluejay-contract check {shlex.quote(self.source)}"
        shown = WRONG_KEY if self.key is Key.WRONG else "[Filtered]"
        header = "" if self.key is Key.MISSING else f" -H 'X-API-Key: {shown}'"
        return f"curl -X {self.method}{header} {shlex.quote(self.source)}"


@frozen
class _Parsed:
    document: Any
    repeated_keys: list[str]


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

    @property
    def document(self) -> Any:
        """The body's JSON document.

        Raises:
            BodyError: It is not exactly one JSON document in UTF-8.
        """
        if isinstance(self._parsed, BodyError):
            raise BodyError(str(self._parsed))
        return self._parsed.document

    @property
    def has_document(self) -> bool:
        """Whether the body is a JSON document."""
        return not isinstance(self._parsed, BodyError)

    @property
    def repeated_keys(self) -> list[str]:
        """The keys that an object of the document has more than once, as often as there is such an object."""
        return [] if isinstance(self._parsed, BodyError) else self._parsed.repeated_keys

    @cached_property
    def _parsed(self) -> _Parsed | BodyError:
        # The error is kept as well: every rule asks, and a body is read once.
        try:
            return _parse(self.body)
        except UnicodeDecodeError as error:
            return BodyError(f"bytes that are not UTF-8 at position {error.start}")
        except UnicodeEncodeError:
            return BodyError("an escape that is half a character")
        except RecursionError:
            return BodyError("JSON nested too deeply")
        except ValueError as error:
            return BodyError(str(error))


def _parse(body: bytes) -> _Parsed:
    repeated: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            repeated.extend(key for key, count in counts.items() if count > 1)
        return members

    document = json.loads(body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=collect)
    if _HALF_A_CHARACTER.search(body):
        json.dumps(document, ensure_ascii=False).encode()
    return _Parsed(document, repeated)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is no JSON value")
