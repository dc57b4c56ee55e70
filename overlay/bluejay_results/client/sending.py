"""Sends the requests of one call of a client: retries, pauses, and the deadline that all of them share."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from attrs import define, field, frozen

from .._secrets import clear_traceback_locals
from ..clock import Clock, Deadline
from ..errors import (
    BluejayError,
    ConnectionFailedError,
    RateLimitError,
    ResponseError,
)
from ..results.response_errors import is_transient
from .call import LOG, Call, printable
from .config import Config
from .operations import BoundOperation
from .transfer import IO

T = TypeVar("T")

OnRetry: TypeAlias = Callable[[BluejayError], object]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""The pauses between retries, in seconds: each pause is twice the previous one, plus a random jitter."""


@define
class RateLimit:
    """The pause after a 429, for all requests that share it. It is never longer than `longest` seconds."""

    _clock: Clock
    _longest: float
    _resume_at: float = field(default=-math.inf, init=False)

    def note(self, error: BluejayError) -> None:
        """Start a pause if the error is a 429."""
        if isinstance(error, RateLimitError):
            requested = requested_pause(error)
            pause = min(FIRST_PAUSE if requested is None else requested, self._longest)
            self._resume_at = max(self._resume_at, self._clock.now() + pause)

    async def wait(self, io: IO, longest: float = math.inf) -> None:
        """Sleep until the pause is over, but not longer than the given seconds."""
        left = min(self._resume_at - self._clock.now(), longest)
        if left > 0:
            await io.sleep(left)


@frozen
class Sending:
    """Sends the requests of one call of a client."""

    io: IO
    config: Config
    deadline: Deadline
    rate_limit: RateLimit

    def retries(self, *, may_repeat: bool = True) -> Retries:
        """Return the retries that one request, or several requests together, may make."""
        return Retries(self.config.retries, self.deadline, may_repeat)

    async def send(
        self,
        operation: BoundOperation[T],
        on_retry: OnRetry | None = None,
        retries: Retries | None = None,
        max_body_bytes: int | None = None,
    ) -> T:
        """Send a request until it succeeds or can't be retried; call `on_retry` before each retry."""
        size = self.config.max_body_bytes if max_body_bytes is None else max_body_bytes
        call = Call(self.io, self.config, operation, self.deadline, size)
        retries = retries or self.retries(may_repeat=operation.is_repeatable)
        while True:
            await self.rate_limit.wait(self.io, self.deadline.room())
            try:
                with clear_traceback_locals():
                    return await call.send()
            except BluejayError as error:
                self.rate_limit.note(error)
                pause = retries.pause_after(error)
                if on_retry:
                    on_retry(error)
            await self.io.sleep(pause)


@define
class Retries:
    """Decides after each failed attempt of one call whether to try again, and after which pause.

    A request that must not be repeated is sent again only if it never arrived or the response was a 429.
    """

    _left: int
    _deadline: Deadline
    _may_repeat: bool = True
    _attempts: int = field(default=0, init=False)

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
