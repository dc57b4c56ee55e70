"""The log of requests, one line each and without secrets. BLUEJAY_LOG=debug writes it to stderr."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from attrs import define, frozen

from ._context import request_id_in
from ._secrets import without_signatures
from .errors import ConfigurationError

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
    said: str = "no answer"

    def answered(self, received: Received) -> Received:
        """Take note of the response and return it."""
        request_id = request_id_in(received.headers)
        named = f", request id {request_id}" if request_id else ""
        self.said = f"{received.status_code}, {len(received.content)} bytes{named}"
        return received


@contextmanager
def logged(method: str, url: str) -> Iterator[_Line]:
    """Log a request, how long it took, and its answer or the error instead of one."""
    line, started = _Line(), time.monotonic()
    try:
        yield line
    except BaseException as error:
        line.said = type(error).__name__
        raise
    finally:
        LOG.debug(
            "%s %s: %s in %.3f s", method, without_signatures(url), line.said, time.monotonic() - started
        )


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
