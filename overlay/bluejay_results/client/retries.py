"""Decides whether and when to retry a failed request, including pauses after a 429."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Callable
from typing import TypeAlias

from attrs import define, field

from .._log_commands import without_log_commands
from ..errors import BluejayError, ConnectionFailedError, RateLimitError, ResponseError
from ..results.responses import is_transient
from .deadline import Clock, Deadline

LOG = logging.getLogger("bluejay_results")
OnFault: TypeAlias = Callable[[BluejayError], object]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""Pauses between retries, in seconds. Each pause is twice the previous one, plus random jitter."""


@define
class RateLimit:
    """Makes all requests that share this object pause after a 429, for at most `longest` seconds."""

    _clock: Clock
    _longest: float
    _resume_at: float = field(default=-math.inf, init=False)

    def note(self, error: BluejayError) -> None:
        """Start a pause if the error is a 429."""
        if isinstance(error, RateLimitError):
            requested = requested_pause(error)
            pause = min(FIRST_PAUSE if requested is None else requested, self._longest)
            self._resume_at = max(self._resume_at, self._clock.now() + pause)

    def left(self, longest: float = math.inf) -> float:
        """Return the seconds until the pause is over, up to `longest`."""
        return max(0.0, min(self._resume_at - self._clock.now(), longest))


@define
class Retries:
    """Decides after each failed attempt in a call whether to retry, and how long to pause first.

    A non-idempotent request is retried only if it never arrived or the response was a 429.
    """

    _left: int
    _deadline: Deadline
    _may_repeat: bool = True
    _attempts: int = field(default=0, init=False)

    def pause_after(self, error: BluejayError) -> float:
        """Return the seconds until the next attempt, or raise the error.

        The error is raised if it isn't transient, or if there are no retries or no time left.
        """
        self._attempts += 1
        pause = requested_pause(error)
        if pause is None:
            backoff = FIRST_PAUSE * 2 ** min(self._attempts - 1, 9)  # a larger power could overflow
            pause = min(LONGEST_PAUSE, backoff + random.uniform(0, JITTER))  # noqa: S311 - no secret
        may_help = is_transient(error) and (self._may_repeat or _did_nothing(error))
        if not may_help or self._attempts > self._left or pause >= self._deadline.seconds_to_send():
            raise error
        LOG.info("attempt %d failed, retrying in %.1f s: %s", self._attempts, pause, printable(str(error)))
        return pause


def _did_nothing(error: BluejayError) -> bool:
    """Whether a failed request had no effect because it never arrived or the response was a 429."""
    is_unsent = isinstance(error, ConnectionFailedError) and not error.was_sent
    return is_unsent or error.status_code == 429


def requested_pause(error: BluejayError | None) -> float | None:
    """Return the pause that the server asked for, in seconds, or None if it didn't ask for one."""
    return error.retry_after if isinstance(error, ResponseError) else None


def printable(text: str) -> str:
    """Return `text` with line breaks, terminal control sequences and CI commands escaped."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))
