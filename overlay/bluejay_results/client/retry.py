"""When a failed request is sent again, and after how long."""

import random

from ..clock import Deadline
from ..errors import (
    BluejayError,
    ConnectionFailedError,
    ResponseError,
    TLSError,
    UnexpectedStatusError,
)
from ..results.status import RETRIED_STATUSES
from .request_log import LOG, printable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""Pauses between retries (s): they double, and up to the jitter is added by chance."""


class Retries:
    """Decides after each failed attempt of one call whether to try again, and after which pause.

    A request that must not be repeated is sent again only where it has not arrived, or was refused by 429.
    """

    def __init__(self, count: int, deadline: Deadline, *, may_repeat: bool = True) -> None:
        self._left = count
        self._deadline = deadline
        self._may_repeat = may_repeat
        self._attempts = 0

    def pause_after(self, error: BluejayError) -> float:
        """Return the seconds until the next attempt, or raise the error.

        It is raised if it is not transient, no retry is left, or the deadline leaves no room for another.
        """
        self._attempts += 1
        pause = requested_pause(error)
        if pause is None:
            backoff = FIRST_PAUSE * 2 ** min(self._attempts - 1, 9)  # a larger power overflows in the end
            pause = min(LONGEST_PAUSE, backoff + random.uniform(0, JITTER))  # noqa: S311 - no secret
        may_help = is_transient(error) and (self._may_repeat or _did_nothing(error))
        if not may_help or self._attempts > self._left or pause >= self._deadline.room():
            raise error
        LOG.info("attempt %d failed, next in %.1f s: %s", self._attempts, pause, printable(str(error)))
        return pause


def is_transient(error: BluejayError) -> bool:
    """Whether the same request may well succeed a moment later."""
    if error.status_code is not None:
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ConnectionFailedError) and not isinstance(error, TLSError)


def _did_nothing(error: BluejayError) -> bool:
    """Whether a request has not arrived, or was refused unread."""
    is_unsent = isinstance(error, ConnectionFailedError) and not error.was_sent
    return is_unsent or error.status_code == 429


def is_cdn_fault(error: BluejayError) -> bool:
    """A CDN's own 5xx, such as 520: over in a moment more often than not."""
    return isinstance(error, UnexpectedStatusError) and (error.status_code or 0) >= 500


def requested_pause(error: BluejayError | None) -> float | None:
    """Return the seconds that the server asked to wait, if it did."""
    return error.retry_after if isinstance(error, ResponseError) else None
