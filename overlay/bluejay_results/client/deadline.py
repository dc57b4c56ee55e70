"""Durations: the clock for waits and retries, the deadlines of calls, and checks of a number of seconds."""

from __future__ import annotations

import datetime
import time

from ..errors import ConfigurationError

MAX_SECONDS = 2_000_000
"""The longest duration (23 days). Sockets count milliseconds in 31 bits, and the count could overflow."""


class Clock:
    """The system clock. Pass another clock to a client to test a long wait quickly."""

    def now(self) -> float:
        """Return the time of a monotonic clock, in seconds."""
        return time.monotonic()

    def utc_now(self) -> datetime.datetime:
        """Return the UTC time; used if a response has no Date header."""
        return datetime.datetime.now(datetime.UTC)

    def sleep(self, seconds: float) -> None:
        """Block this thread for the given seconds."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Suspend this task for the given seconds."""
        import asyncio  # loaded late: the synchronous client does not need it

        await asyncio.sleep(seconds)


class Deadline:
    """The time at which a whole call must be over.

    Attributes:
        seconds: The time limit of the whole call, in seconds.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        # A request sent in the last second would time out, and the timeout would hide the earlier error.
        self._reserve = min(1.0, seconds / 10)
        self._clock = clock
        self._end = clock.now() + seconds

    def left(self) -> float:
        """Return the seconds that are left; 0 after the deadline."""
        return max(0.0, self._end - self._clock.now())

    def seconds_to_send(self) -> float:
        """Return the seconds in which another request may still be sent; 0 or less if it is too late."""
        return self.left() - self._reserve


def seconds(name: str, value: object, *, may_be_0: bool = False) -> float:
    """Return a duration as a float; raise ConfigurationError if it isn't a number or is out of range."""
    least = "from 0" if may_be_0 else "above 0 and"
    if not isinstance(value, int | float) or not (0 < value <= MAX_SECONDS or (may_be_0 and value == 0)):
        got = f"the string {value!r}" if isinstance(value, str) else f"{value!r}"
        asked = f"a number of seconds {least} up to {MAX_SECONDS:,}"
        raise ConfigurationError(f"{name} must be {asked}, got {got}.")
    return float(value)
