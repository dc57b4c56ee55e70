"""Logs each request in one line without secrets."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from attrs import define, frozen

from .._log_commands import without_log_commands

LOG = logging.getLogger("bluejay_results")


@frozen
class Received:
    """A complete response."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


@define
class _Line:
    clean: Callable[[str], str]
    result: str = "no answer"

    def answered(self, received: Received) -> Received:
        """Store the response for the log line, and return it."""
        request_id = received.headers.get("x-request-id")
        named = f", request id {printable(self.clean(request_id))}" if request_id else ""
        self.result = f"{received.status_code}, {len(received.content)} bytes{named}"
        return received


def printable(text: str) -> str:
    """Return `text` with line breaks and the commands of terminals and CI systems escaped."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))


@contextmanager
def logged(method: str, url: str, clean: Callable[[str], str]) -> Iterator[_Line]:
    """Log a request, its duration, and its response or error; `clean` masks the key."""
    line, started = _Line(clean), time.monotonic()
    try:
        yield line
    except BaseException as error:
        line.result = type(error).__name__
        raise
    finally:
        if LOG.isEnabledFor(logging.DEBUG):  # masking the URL takes time
            LOG.debug("%s %s: %s in %.3f s", method, clean(url), line.result, time.monotonic() - started)
