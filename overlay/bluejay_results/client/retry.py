"""Decides whether to send a failed request again, and after which pause."""

import random

from ..clock import Deadline
from ..errors import BluejayError, ConnectionFailedError, ResponseError
from ..results.response_errors import is_transient
from .request_log import LOG, printable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""The pauses between retries, in seconds: each pause is twice the previous one, plus a random jitter."""


class Retries:
    """Decides after each failed attempt of one call whether to try again, and after which pause.

    A request that must not be repeated is sent again only if it never arrived or the response was a 429.
    """

    def __init__(self, count: int, deadline: Deadline, *, may_repeat: bool = True) -> None:
        self._left = count
        self._deadline = deadline
        self._may_repeat = may_repeat
        self._attempts = 0

    def pause_after(self, error: BluejayError) -> float:
        """Return the seconds until the next attempt, or raise the error.

        The error is raised if it is not transient, no retry is left, or no time is left for another attempt.
        """
        self._attempts += 1
        pause = requested_pause(error)
        if pause is None:
            backoff = FIRST_PAUSE * 2 ** min(self._attempts - 1, 9)  # a larger power could overflow
            pause = min(LONGEST_PAUSE, backoff + random.uniform(0, JITTER))  # noqa: S311 - no secret
        may_help = is_transient(error) and (self._may_repeat or _did_nothing(error))
        if not may_help or self._attempts > self._left or pause >= self._deadline.room():
            raise error
        LOG.info("attempt %d failed, next in %.1f s: %s", self._attempts, pause, printable(str(error)))
        return pause


def _did_nothing(error: BluejayError) -> bool:
    """Whether a failed request can't have had any effect: it never arrived, or the response was a 429."""
    is_unsent = isinstance(error, ConnectionFailedError) and not error.was_sent
    return is_unsent or error.status_code == 429


def requested_pause(error: BluejayError | None) -> float | None:
    """Return the pause that the server asked for, in seconds; None if it asked for no pause."""
    return error.retry_after if isinstance(error, ResponseError) else None
