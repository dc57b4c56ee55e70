"""Percentiles are observed values that a user can check by counting."""

from fractions import Fraction

import pytest
from bluejay_results.gate.figure_rule import Aggregate, aggregate
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Aggregate.MEAN, 25.5),
        (Aggregate.MEDIAN, 25),  # the lower middle one
        (Aggregate.MIN, 1),
        (Aggregate.MAX, 50),
        (Aggregate.P5, 3),
        (Aggregate.P10, 6),
        (Aggregate.P90, 45),
        (Aggregate.P95, 48),
    ],
)
def test_each_aggregate_of_1_to_50_in_any_order(kind: Aggregate, expected: float) -> None:
    assert aggregate(kind, [*range(26, 51), *range(1, 26)]) == expected


@pytest.mark.parametrize(
    ("upper", "lower", "percentage"),
    [(Aggregate.P90, Aggregate.P10, 90), (Aggregate.P95, Aggregate.P5, 95)],
)
def test_p90_is_the_smallest_value_that_nine_of_ten_do_not_exceed_and_p10_mirrors_it(
    upper: Aggregate, lower: Aggregate, percentage: int
) -> None:
    for count in range(1, 141):
        values = range(count)
        needed = next(each for each in range(1, count + 1) if each * 100 >= percentage * count)
        assert aggregate(upper, values) == needed - 1
        assert aggregate(lower, values) == count - needed


@pytest.mark.parametrize(("yes", "count"), [(0, 3), (7, 100), (29, 100), (3, 3)])
def test_a_rate_is_the_percentage_of_yes_without_a_rounding_error(yes: int, count: int) -> None:
    assert aggregate(Aggregate.RATE, [1.0] * yes + [0.0] * (count - yes)) == 100 * yes / count


@given(st.lists(st.decimals(-10, 10, places=2).map(float), min_size=1))
def test_the_mean_of_decimals_is_rounded_only_once(values: list[float]) -> None:
    hundredths = sum(round(each * 100) for each in values)
    assert aggregate(Aggregate.MEAN, values) == float(Fraction(hundredths, 100 * len(values)))
