"""The exchanges in a recording: a HAR file that a client, a browser or a proxy wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from .contract import Contract
from .exchange import Exchange, Key, Request
from .har import is_har, read_har
from .operations import RESULTS
from .page import Page

__all__ = ["exchanges_in", "is_har"]


def exchanges_in(contract: Contract, data: bytes, source: str) -> list[Exchange]:
    """Return the exchanges of a HAR file that belong to an operation of the contract.

    Raises:
        KitError: The data isn't valid HAR.
    """
    return list(_exchanges(contract, data, source))


def _exchanges(contract: Contract, data: bytes, source: str) -> Iterator[Exchange]:
    def found(method: str, url: str) -> tuple[str, str] | None:
        """Return the operation of a request and the id in its URL."""
        path = urlsplit(url).path
        for operation in contract.operations.values():
            template = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(operation.path))
            if method == operation.method and (match := re.search(f"{template}$", path)):
                return operation.id, unquote("".join(match.groups()))
        return None

    for index, (operation, id_), each in read_har(data, found):
        request = Request(
            id=id_,
            key=Key.VALID,
            method=each.method,
            source=source,
            operation=operation,
            entry=f"log.entries[{index}]",
            page=Page.asked(urlsplit(each.url).query) if operation == RESULTS else Page(),
        )
        yield Exchange(request, each.status, each.headers, each.body)
