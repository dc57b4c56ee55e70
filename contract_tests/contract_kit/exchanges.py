"""Reads and writes recorded exchanges as lines of JSON, and finds the operation of each exchange."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from contract_kit.serve.routes import Routes, readable

from .errors import KitError

_MUTANT = re.compile(r"/mutant/[0-9a-f]{16}(?=/|$)")


@frozen
class Exchange:
    """A request and its response.

    Attributes:
        method: The HTTP method, in capitals.
        url: The URL, or only its path.
        status: The HTTP status.
        headers: The headers of the response.
        body: The body of the response, without any content encoding.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def to_json(self) -> str:
        """Return the exchange as one line of JSON, with the body in base64 if it isn't UTF-8."""
        line: dict[str, Any] = {"method": self.method, "url": self.url, "status": self.status}
        line["headers"] = dict(self.headers)
        try:
            line["body"] = self.body.decode()
        except UnicodeDecodeError:
            line["body_base64"] = base64.b64encode(self.body).decode()
        return json.dumps(line)

    @classmethod
    def from_json(cls, line: bytes) -> Exchange:
        """Read a line of JSON.

        Raises:
            ValueError: The line isn't an exchange; the message says why.
        """
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            raise ValueError("it is not JSON") from None
        if not isinstance(read, dict):
            raise ValueError("it is not an object")
        for name, kind in (("method", str), ("url", str), ("status", int), ("headers", dict)):
            if not isinstance(read.get(name), kind):
                raise ValueError(f"its {name} is missing or of the wrong type")
        text, encoded = read.get("body", ""), read.get("body_base64", "")
        if not isinstance(text, str) or not isinstance(encoded, str):
            raise ValueError("its body is not a string")
        body = base64.b64decode(encoded, validate=True) if encoded else text.encode(errors="surrogatepass")
        headers = {str(name): str(value) for name, value in read["headers"].items()}
        return cls(read["method"].upper(), read["url"], read["status"], headers, body)

    @property
    def content_type(self) -> str:
        """The media type of the body, in lower case; empty if the response names none."""
        found = (value for name, value in self.headers.items() if name.lower() == "content-type")
        return next(found, "").partition(";")[0].strip().lower()


def read_exchanges(paths: Iterable[Path]) -> Iterator[Exchange]:
    """Yield the exchanges recorded in files, one at a time. Empty lines are ignored.

    Raises:
        KitError: A file can't be read, or a line isn't an exchange.
    """
    for path in paths:
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield _exchange(path, number, line)
        except OSError as error:
            raise KitError(
                f"{path}: {error.strerror}. Name a file that was written with --contract-record."
            ) from None


def _exchange(path: Path, number: int, line: bytes) -> Exchange:
    try:
        return Exchange.from_json(line)
    except ValueError as error:
        raise KitError(f"{path}, line {number}: this isn't a recorded exchange: {error}.") from None


class Paths:
    """Finds the path template that matches a request.

    A URL may have a prefix before the path: the base path of a server, or `/mutant/KEY`.

    Args:
        operations: The method, in capitals, and the path template of each operation.
    """

    def __init__(self, operations: Iterable[tuple[str, str]]) -> None:
        self._find = functools.lru_cache(maxsize=10_000)(Routes(operations).find_end)

    def find(self, method: str, url: str) -> tuple[str, str] | None:
        """Return the method and the path template that match a request; None if no operation matches."""
        path = urlsplit(url).path if "://" in url else url.partition("?")[0].partition("#")[0]
        return self._find(method, _MUTANT.sub("", readable(path), count=1) or "/")


def label_for(status: int, labels: Iterable[str]) -> str | None:
    """Return the label of the response that describes a status: the status, its range, or `default`."""
    by_name = {label.upper(): label for label in labels}
    wanted = (str(status), f"{status // 100}XX", "DEFAULT")
    return next((by_name[name] for name in wanted if name in by_name), None)
