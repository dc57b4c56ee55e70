"""Reads the exchanges in a HAR 1.2 file, as written by browsers, proxies and clients."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen
from contract_kit.errors import KitError

from .operations import Operation, Page, requested

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*{\s*\"log\"\s*:")


@frozen
class Entry:
    """An operation's request and response; the body is decoded, and header names are in lower case."""

    index: int
    operation: Operation
    id: str
    page: Page | None
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def is_har(data: bytes) -> bool:
    """Return whether a file's bytes look like HAR, even if the file is truncated."""
    return _START.match(data) is not None


def read_har(data: bytes) -> Iterator[Entry]:
    """Yield each exchange that belongs to an operation of the service and has a response with a body.

    Raises:
        KitError: The file, or one of the service's entries, isn't valid HAR.
    """
    try:
        for index, entry in enumerate(json.loads(data.decode("utf-8-sig"))["log"]["entries"]):
            request = entry["request"]
            if asked := requested(request["method"].upper(), request["url"]):
                response = entry["response"]
                body = _body(response["content"])
                if response["status"] and body is not None:
                    headers: dict[str, str] = {}
                    for each in response["headers"]:
                        name, value = each["name"].lower(), each["value"]
                        headers[name] = f"{headers[name]}, {value}" if name in headers else value
                    yield Entry(index, *asked, int(response["status"]), headers, body)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        said = f"it has no {error}" if isinstance(error, LookupError) else str(error)
        raise KitError(f"This isn't valid HAR ({said}).") from None


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
        raise ValueError(f"a body isn't valid base64: {error}") from None
