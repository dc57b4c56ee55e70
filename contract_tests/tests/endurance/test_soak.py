"""A short soak, and what growth counts as a leak."""

from collections.abc import Callable

import pytest
from attrs import evolve

from .soak import GROWTH, Sample, Soak, not_flat

FLAT = [Sample(10.0 * number, 60_000_000, 18) for number in range(120)]


def test_a_soak_test_records_the_memory_and_the_open_files() -> None:
    def has_seen_all(soak: Soak) -> bool:
        return {"read", "settled", "UnexpectedStatusError"} <= soak.ended.keys()

    soak = Soak(has_seen_all, every=0.1)
    soak.run()
    assert soak.samples[-1].memory > 10_000_000
    assert soak.samples[-1].files > 3


@pytest.mark.parametrize(
    ("grows", "names"),
    [
        (lambda number: {"memory": 60_000_000 + int(1.7 * GROWTH * number / 119)}, ["memory"]),
        (lambda number: {"memory": 60_000_000 + GROWTH * min(number, 40)}, []),
        (lambda number: {"files": 18 + (number == 119)}, ["files"]),
        (lambda number: {"files": 18 + (number % 10 == 9)}, []),
    ],
    ids=["steadily", "in the warm-up", "a new peak of files", "up and down"],
)
def test_growth_in_memory_or_open_files_is_reported_only_after_the_warm_up(
    grows: Callable[[int], dict[str, int]], names: list[str]
) -> None:
    samples = [evolve(each, **grows(number)) for number, each in enumerate(FLAT)]
    assert not_flat(samples) == names
