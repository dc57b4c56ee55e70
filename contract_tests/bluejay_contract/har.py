"""Reads the exchanges in a HAR 1.2 file, which browsers, proxies and clients write."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import field, frozen
from contract_kit.errors import KitError

T = TypeVar("T")

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*{\s*\"log\"\s*:")
OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers about the bytes as transferred. A HAR file has decompressed bodies, so these are ignored."""


@frozen
class Entry:
    """A request and its response.

    Attributes:
        method: The HTTP method, in capitals.
        url: The URL.
        status: The HTTP status.
        headers: The headers of the response, with names in lower case.
        body: The body of the response, without any content encoding.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def is_har(data: bytes) -> bool:
    """Return whether the bytes of a file look like HAR, even if the file is truncated."""
    return _START.match(data) is not None


def read_har(data: bytes, find: Callable[[str, str], T | None]) -> Iterator[tuple[int, T, Entry]]:
    """Yield each exchange that `find` accepts and that has a response with a body.

    Args:
        data: The bytes of the file.
        find: Called with the method and the URL of a request; returns what the request asks for, or None to
            ignore the request.

    Yields:
        The index of the entry, what `find` returned, and the entry.

    Raises:
        KitError: The file, or an entry that `find` accepts, isn't valid HAR.
    """
    try:
        entries = json.loads(data.decode("utf-8-sig"))["log"]["entries"]
        for index, entry in enumerate(entries):
            request = entry["request"]
            asked = find(request["method"].upper(), request["url"])
            if asked is not None and (read := _read(entry)):
                yield index, asked, read
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        said = f"it has no {error}" if isinstance(error, LookupError) else str(error)
        raise KitError(f"This isn't valid HAR: {said}.") from None


def _read(entry: Any) -> Entry | None:
    request, response = entry["request"], entry["response"]
    body = _body(response["content"])
    if not response["status"] or body is None:
        return None
    headers: dict[str, str] = {}
    for each in response["headers"]:
        name, value = each["name"].lower(), each["value"]
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Entry(request["method"].upper(), request["url"], int(response["status"]), headers, body)


def _body(content: Any) -> bytes | None:
    text = content.get("text")
    if text is None:
        return None
    if content.get("encoding") != "base64":
        encoded: bytes = text.encode(errors="surrogatepass")
        return encoded
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"the base64 of a body: {error}") from None
