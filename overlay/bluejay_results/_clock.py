"""The time that waits and retries go by."""

import time


class Clock:
    """The system's clock. Give a client another one to test a long wait in no time."""

    def now(self) -> float:
        """Return seconds on a clock that never jumps."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block for that many seconds."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let other tasks run for that many seconds."""
        import asyncio  # loaded late: the synchronous client has no use for it

        await asyncio.sleep(seconds)


class Deadline:
    """A point in time that a whole call must not overrun.

    Attributes:
        seconds: How far away it was when it was set.
        reserve: The last of them (seconds), in which nothing is begun any more: a request that has next to no
            time would only hide the fault before it.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        self.reserve = min(1.0, seconds / 10)
        self._clock = clock
        self._end = clock.now() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 when there are none."""
        return max(0.0, self._end - self._clock.now())
