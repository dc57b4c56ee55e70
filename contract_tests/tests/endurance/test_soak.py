"""A short soak, and which figures count as constant."""

from collections.abc import Callable

import pytest
from attrs import evolve

from .samples import GROWTH, Sample, growth, not_flat, table
from .soak import Soak

FLAT = [Sample(10.0 * number, 100 * number, 60_000_000, 50_000_000, 18, 10, 11) for number in range(120)]
MEMORY = ("memory", "stub_memory")
COUNTS = ("files", "connections", "stub_connections")


def _changed(figure: str, by: list[float]) -> list[Sample]:
    return [
        evolve(each, **{figure: getattr(each, figure) + more}) for each, more in zip(FLAT, by, strict=True)
    ]


def test_a_soak_records_how_calls_ended_and_which_resources_were_used() -> None:
    def has_seen_all(soak: Soak) -> bool:
        are_connected = any(min(each.connections, each.stub_connections) > 2 for each in soak.samples)
        return are_connected and {"read", "settled", "UnexpectedStatusError"} <= soak.ended.keys()

    soak = Soak(has_seen_all, every=0.1)
    soak.run()
    last = soak.samples[-1]
    assert last.calls > 0
    assert min(last.memory, last.stub_memory) > 10_000_000
    assert last.files > last.connections


def test_constant_figures_count_as_flat() -> None:
    assert not_flat(FLAT) == []
    assert growth(FLAT, "calls") == pytest.approx(100 * 79)


@pytest.mark.parametrize("figure", MEMORY)
@pytest.mark.parametrize(
    ("grows", "is_flat"),
    [
        (lambda number: 1.7 * GROWTH * number / 119, False),
        (lambda number: 0.85 * GROWTH * number / 119, True),
        (lambda number: GROWTH * min(number, 40), True),
        (lambda number: GROWTH / 2 * (number % 5), True),
    ],
    ids=["steadily", "steadily, below the limit", "only in the warm-up", "up and down"],
)
def test_memory_that_grows_steadily_does_not_count_as_flat(
    figure: str, grows: Callable[[int], float], is_flat: bool
) -> None:
    assert not_flat(_changed(figure, [grows(number) for number in range(120)])) == [figure] * (not is_flat)


@pytest.mark.parametrize("figure", COUNTS)
def test_a_new_peak_of_handles_or_connections_does_not_count_as_flat(figure: str) -> None:
    assert not_flat(_changed(figure, [float(number == 119) for number in range(120)])) == [figure]
    assert not_flat(_changed(figure, [float(number % 10 == 9) for number in range(120)])) == []


def test_the_table_of_a_soak_has_at_most_20_samples() -> None:
    assert len(table(FLAT)) == 21
    assert table(FLAT)[2].split() == ["60", "600", "60.0", "50.0", "18", "10", "11"]
