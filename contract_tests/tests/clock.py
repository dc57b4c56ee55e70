"""A clock that the test controls."""

import datetime

import pytest
from bluejay_results import Clock

START = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
"""A manual clock's UTC time at the start of a test."""


class ManualClock(Clock):
    """A clock that skips each sleep and records its length."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def utc_now(self) -> datetime.datetime:
        return START + datetime.timedelta(seconds=self.time - 1000)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


def stop_time(context: pytest.MonkeyPatch) -> ManualClock:
    """Make every client use one manual clock, so that no client waits; return the clock."""
    clock = ManualClock()
    for method in ("now", "utc_now", "sleep", "sleep_async"):
        context.setattr(Clock, method, lambda _, *values, name=method: getattr(clock, name)(*values))
    return clock
