"""The clock for waits and retries, the deadlines of calls, and the validation of durations."""

from __future__ import annotations

import datetime
import time

from .._secrets import shown
from ..errors import ConfigurationError

MAX_SECONDS = 2_000_000
"""The maximum duration (23 days). Sockets count milliseconds in 31 bits, so a longer one could overflow."""


class Clock:
    """The system clock. To test a long wait quickly, pass another clock to the client."""

    def now(self) -> float:
        """Return a monotonic clock's time, in seconds."""
        return time.monotonic()

    def utc_now(self) -> datetime.datetime:
        """Return the UTC time, which is used if a response has no Date header."""
        return datetime.datetime.now(datetime.UTC)

    def sleep(self, seconds: float) -> None:
        """Block this thread for this many seconds."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Suspend this task for this many seconds."""
        import asyncio  # loaded late: the synchronous client doesn't need it

        await asyncio.sleep(seconds)


class Deadline:
    """The time by which a call must be finished.

    Attributes:
        seconds: The time limit for the entire call, in seconds.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        # A request sent in the last second would time out, and the timeout would hide the earlier error.
        self._reserve = min(1.0, seconds / 10)
        self._clock = clock
        self._end = clock.now() + seconds

    def left(self) -> float:
        """Return the remaining seconds, or 0 after the deadline."""
        return max(0.0, self._end - self._clock.now())

    def seconds_to_send(self) -> float:
        """Return how many seconds are left to send another request, which is 0 or less if it is too late."""
        return self.left() - self._reserve


def seconds(name: str, value: object, *, may_be_0: bool = False) -> float:
    """Return a duration as a float; raise ConfigurationError if it isn't a number or is out of range."""
    least = "from 0 to" if may_be_0 else "above 0 and at most"
    if not isinstance(value, int | float) or not (0 < value <= MAX_SECONDS or (may_be_0 and value == 0)):
        asked = f"a number of seconds {least} {MAX_SECONDS:,}"
        raise ConfigurationError(f"{name} must be {asked}, got {shown(value)}.")
    return float(value)
