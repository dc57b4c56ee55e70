"""The system clock and the deadline of a call."""

import asyncio
from collections.abc import Callable

import pytest
from bluejay_results import Clock
from bluejay_results.clock import Deadline

from .conftest import ManualClock


@pytest.mark.parametrize(
    "sleep",
    [Clock.sleep, lambda clock, seconds: asyncio.run(clock.sleep_async(seconds))],
    ids=["sync", "async"],
)
def test_the_clock_sleeps_at_least_as_long_as_requested(sleep: Callable[[Clock, float], None]) -> None:
    clock = Clock()
    start = clock.now()
    sleep(clock, 0.01)
    assert clock.now() - start >= 0.01


def test_the_time_left_before_a_deadline_never_falls_below_0() -> None:
    clock = ManualClock()
    deadline, left = Deadline(clock, 2), []
    for _ in range(4):
        left.append(deadline.left())
        clock.sleep(0.75)
    assert left == [2, 1.25, 0.5, 0]


@pytest.mark.parametrize(("seconds", "room"), [(60, 59), (10, 9), (5, 4.5), (0.1, 0.09)])
def test_no_request_starts_in_the_last_second_or_tenth_of_a_call(seconds: float, room: float) -> None:
    assert Deadline(ManualClock(), seconds).room() == pytest.approx(room)
