"""One request and its response, as plain data without objects from an HTTP library."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from .har import Entry
from .operations import RESULTS, Operation, Page
from .parsing import Parsed, parsed

JSON_HEADERS = {"content-type": "application/json"}
WRONG_KEY = "not-a-key"
"""The wrong key that some requests send on purpose; it is obviously not a real key."""


class Key(StrEnum):
    """Which API key a request carried."""

    VALID = "valid"
    WRONG = "wrong"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It is unknown which key the request carried because the body was read from a file."""


@frozen
class Request:
    """A request, or the known parts of it.

    Attributes:
        id: The id in the requested path, or an empty string; None if the body was read from a file.
        key: Which API key the request carried.
        method: The HTTP method, in capitals.
        secret: The API key itself, which the response is searched for. It is never shown.
        source: The requested URL, or the file that the body was read from.
        exists: Whether a run or a result with this id is expected to exist.
        operation: The operation.
        body: The JSON body of the request.
        entry: The HAR file's entry; empty if the request is not from a HAR file.
        page: The requested page of a run; None if the contract forbids the query.
    """

    id: str | None = None
    key: Key = Key.UNKNOWN
    method: str = "GET"
    secret: str = field(default="", repr=False)
    source: str = "-"
    exists: bool = True
    operation: Operation = RESULTS
    body: bytes = field(default=b"", repr=False)
    entry: str = ""
    page: Page | None = field(factory=Page)

    @property
    def reproduction(self) -> str:
        """A shell command that repeats the request or, for a file, the check.

        The command reads the key from BLUEJAY_API_KEY and keeps it out of the process list: `printf` is built
        into the shell, and curl reads the header from standard input.
        """
        if "://" not in self.source:
            where = f" # {self.entry}" if self.entry else ""
            return f"bluejay-contract check {shlex.quote(self.source)}{where}"
        method = {"GET": "", "HEAD": "-I "}.get(self.method, f"-X {self.method} ")
        url = shlex.quote(self.source)
        if self.body:
            body = shlex.quote(self.body.decode(errors="replace"))
            url = f"-H 'Content-Type: application/json' --data-raw {body} {url}"
        if self.key is Key.MISSING:
            return f"curl {method}{url}"
        if self.key is Key.WRONG:
            return f"curl {method}-H 'X-API-Key: {WRONG_KEY}' {url}"
        return f"printf 'X-API-Key: %s\\n' \"$BLUEJAY_API_KEY\" | curl {method}-H @- {url}"


@define(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        headers: The response headers, by lower-case name.
        body: The response body, decompressed but not otherwise changed.
    """

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @classmethod
    def saved(cls, body: bytes, source: str = "-") -> Exchange:
        """Treat a saved body as a 200 response. The body's keys identify the operation."""
        exchange = cls(Request(source=source), 200, JSON_HEADERS, body)
        keys = exchange.document if isinstance(exchange.document, dict) else {}
        operation = next((each for each in Operation if each.key in keys), RESULTS)
        if operation is RESULTS:
            return exchange  # a run is large: don't parse it again
        return evolve(exchange, request=Request(source=source, operation=operation))

    @classmethod
    def recorded(cls, entry: Entry, source: str) -> Exchange:
        """Treat an entry of a HAR file as an exchange whose key was valid."""
        where, method = f"log.entries[{entry.index}]", entry.operation.method
        request = Request(
            entry.id, Key.VALID, method, "", source, True, entry.operation, b"", where, entry.page
        )
        return cls(request, entry.status, entry.headers, entry.body)

    @cached_property
    def parsed(self) -> Parsed:
        """The parsed body; it is parsed only once."""
        return parsed(self.body)

    @property
    def document(self) -> Any:
        """The body's JSON document; None if the body is not JSON."""
        return self.parsed.document

    @property
    def has_document(self) -> bool:
        """Whether the body is a JSON document."""
        return not self.parsed.error

    @property
    def is_success(self) -> bool:
        """Whether the response is a 200 with a JSON body."""
        return self.status == 200 and self.has_document
