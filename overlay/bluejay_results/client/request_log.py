"""The log of requests, one line each and without secrets. BLUEJAY_LOG=debug writes it to stderr."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from attrs import define, frozen

from .._log_commands import without_log_commands
from ..errors import ConfigurationError
from ..results.context import request_id_in

LOG = logging.getLogger("bluejay_results")

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


@frozen
class Received:
    """A response read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


@define
class _Line:
    clean: Callable[[str], str]
    said: str = "no answer"

    def answered(self, received: Received) -> Received:
        """Take note of the response and return it."""
        request_id = request_id_in(received.headers)
        named = f", request id {printable(self.clean(request_id))}" if request_id else ""
        self.said = f"{received.status_code}, {len(received.content)} bytes{named}"
        return received


def printable(text: str) -> str:
    """Return `text` with everything escaped that a terminal or a CI system obeys or that starts a line."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))


@contextmanager
def logged(method: str, url: str, clean: Callable[[str], str]) -> Iterator[_Line]:
    """Log a request, how long it took, and its answer or the error instead of one; `clean` masks the key."""
    line, started = _Line(clean), time.monotonic()
    try:
        yield line
    except BaseException as error:
        line.said = type(error).__name__
        raise
    finally:
        if LOG.isEnabledFor(logging.DEBUG):  # or the URL would be masked for nothing
            LOG.debug("%s %s: %s in %.3f s", method, clean(url), line.said, time.monotonic() - started)


def log_to_stderr() -> None:
    """Write the log to stderr if BLUEJAY_LOG asks for it; raise ConfigurationError for another level."""
    level = os.environ.get("BLUEJAY_LOG", "").lower()
    if not level:
        return
    if level not in _LEVELS:
        raise ConfigurationError(f"BLUEJAY_LOG must be debug or info, got {level!r}.")
    LOG.setLevel(_LEVELS[level])
    if not LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        LOG.addHandler(handler)
