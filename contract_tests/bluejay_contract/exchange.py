"""One request and its response, as plain data: no objects of an HTTP library."""

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
"""The key that a request with a wrong key sends. It is obviously not a real one."""

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Key(StrEnum):
    """Which API key a request carried."""

    VALID = "valid"
    WRONG = "wrong"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The request is unknown, because the body was read from a file."""


class BodyError(Exception):
    """A body is not one JSON document in UTF-8. The message says what it is instead."""


@frozen
class Request:
    """A request, as far as it is known.

    Attributes:
        run_id: The id of the requested run; None when the body was read from a file.
        is_of_a_run: Whether a run with this id is expected to exist.
        key: Which API key the request carried.
        method: The HTTP method, in capitals.
        secret: The API key itself, to search the response for. It is never shown.
        source: The requested URL, or the file that the body was read from.
    """

    run_id: str | None = None
    key: Key = Key.UNKNOWN
    method: str = "GET"
    secret: str = field(default="", repr=False)
    source: str = "-"
    is_of_a_run: bool = True

    @property
    def reproduction(self) -> str:
        """A shell command that repeats the request, or the check of the file.

        It reads the key from BLUEJAY_API_KEY, and keeps it out of the process list: `printf` is part of the
        shell, and curl reads the header from standard input.
        """
        if "://" not in self.source:
            return f"bluejay-contract check {shlex.quote(self.source)}"
        method = {"GET": "", "HEAD": "-I "}.get(self.method, f"-X {self.method} ")
        url = shlex.quote(self.source)
        if self.key is Key.MISSING:
            return f"curl {method}{url}"
        if self.key is Key.WRONG:
            return f"curl {method}-H 'X-API-Key: {WRONG_KEY}' {url}"
        return f"printf 'X-API-Key: %s\\n' \"$BLUEJAY_API_KEY\" | curl {method}-H @- {url}"


@frozen
class _Parsed:
    document: Any
    repeated_keys: list[str]


@define(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        headers: The response's headers, by lower-case name.
        body: The response's body: decompressed, otherwise as received.
    """

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @classmethod
    def saved(cls, body: bytes, source: str = "-") -> Exchange:
        """Treat a saved body as the 200 response to an unknown request."""
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
        """The keys that occur twice in one object, once for each such object."""
        return [] if isinstance(self._parsed, BodyError) else self._parsed.repeated_keys

    @cached_property
    def _parsed(self) -> _Parsed | BodyError:
        # The error is cached too: every rule asks for the document, and the body is parsed only once.
        try:
            return _parse(self.body)
        except UnicodeDecodeError as error:
            return BodyError(f"a byte that is not UTF-8 at position {error.start + 1:,}")
        except UnicodeEncodeError:
            return BodyError("an escaped lone surrogate")
        except RecursionError:
            return BodyError("JSON nested too deeply")
        except json.JSONDecodeError as error:
            if not self.body.strip():
                return BodyError("an empty body")
            return BodyError(
                f"text that is not JSON: {error.msg} at line {error.lineno:,}, column {error.colno:,}"
            )
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
    if _ESCAPED_SURROGATE.search(body):
        json.dumps(document, ensure_ascii=False).encode()
    return _Parsed(document, repeated)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is not JSON")
