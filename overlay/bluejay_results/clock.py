"""The clock of waits and retries, and deadlines."""

import datetime
import time


class Clock:
    """The system clock. Pass a client another one to test a long wait quickly."""

    def now(self) -> float:
        """Return seconds of a monotonic clock."""
        return time.monotonic()

    def utc_now(self) -> datetime.datetime:
        """Return the time, where the server does not send its own."""
        return datetime.datetime.now(datetime.UTC)

    def sleep(self, seconds: float) -> None:
        """Block for that many seconds."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let other tasks run for that many seconds."""
        import asyncio  # loaded late: the synchronous client does not need it

        await asyncio.sleep(seconds)


class Deadline:
    """A point in time that a whole call must not overrun.

    Attributes:
        seconds: How far away it was when it was set.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        # A request that is sent in the last second would time out and hide the fault before it.
        self._reserve = min(1.0, seconds / 10)
        self._clock = clock
        self._end = clock.now() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 when there are none."""
        return max(0.0, self._end - self._clock.now())

    def within(self, seconds: float) -> "Deadline":
        """Return a deadline by the same clock that is at most so far away, and no later than this one."""
        return Deadline(self._clock, min(seconds, self.left()))

    def utc_now(self) -> datetime.datetime:
        """Return the time of its clock, where the server does not send its own."""
        return self._clock.utc_now()

    def room(self) -> float:
        """Return the seconds in which another request may still be sent; 0 or less when it is too late."""
        return self.left() - self._reserve
