"""The clock for waits and retries, and the deadlines of calls."""

from __future__ import annotations

import datetime
import time


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

    def now(self) -> float:
        """Return the time of the monotonic clock, in seconds."""
        return self._clock.now()

    def utc_now(self) -> datetime.datetime:
        """Return the UTC time of the clock; used if a response has no Date header."""
        return self._clock.utc_now()

    def seconds_to_send(self) -> float:
        """Return the seconds in which another request may still be sent; 0 or less if it is too late."""
        return self.left() - self._reserve
