"""Percentiles are observed values that a user can check by counting."""

from fractions import Fraction

import pytest
from bluejay_results.gate.figure_rule import Aggregate, aggregate
from hypothesis import given
from hypothesis import strategies as st

WHOLE_NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Aggregate.MEAN, 25.5),
        (Aggregate.MEDIAN, 25),
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


@pytest.mark.parametrize("kind", [each for each in Aggregate if each is not Aggregate.RATE])
def test_an_aggregate_of_one_value_is_that_value(kind: Aggregate) -> None:
    assert aggregate(kind, [0.1]) == 0.1


@pytest.mark.parametrize(
    ("count", "from_end"), [(9, 0), (10, 1), (11, 1), (19, 1), (20, 2), (30, 3), (70, 7)]
)
def test_p90_leaves_out_one_value_of_each_full_ten_and_p10_mirrors_it(count: int, from_end: int) -> None:
    values = list(range(count))
    assert aggregate(Aggregate.P90, values) == count - 1 - from_end
    assert aggregate(Aggregate.P10, values) == from_end


@pytest.mark.parametrize(("count", "from_end"), [(19, 0), (20, 1), (39, 1), (40, 2), (60, 3), (140, 7)])
def test_p95_leaves_out_one_value_of_each_full_twenty_and_p5_mirrors_it(count: int, from_end: int) -> None:
    values = list(range(count))
    assert aggregate(Aggregate.P95, values) == count - 1 - from_end
    assert aggregate(Aggregate.P5, values) == from_end


@given(WHOLE_NUMBERS, st.integers(-1, 31), st.sampled_from([(Aggregate.P90, 90), (Aggregate.P95, 95)]))
def test_p90_is_within_a_limit_if_and_only_if_nine_of_ten_values_are(
    values: list[int], limit: int, kind: tuple[Aggregate, int]
) -> None:
    within = sum(each <= limit for each in values)
    assert (aggregate(kind[0], values) <= limit) == (within * 100 >= kind[1] * len(values))


@given(WHOLE_NUMBERS, st.integers(-1, 31), st.sampled_from([(Aggregate.P10, 90), (Aggregate.P5, 95)]))
def test_p10_reaches_a_limit_if_and_only_if_nine_of_ten_values_do(
    values: list[int], limit: int, kind: tuple[Aggregate, int]
) -> None:
    reaching = sum(each >= limit for each in values)
    assert (aggregate(kind[0], values) >= limit) == (reaching * 100 >= kind[1] * len(values))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9))
def test_with_fewer_than_ten_values_p90_is_the_largest_and_p10_the_smallest(values: list[int]) -> None:
    assert aggregate(Aggregate.P90, values) == max(values)
    assert aggregate(Aggregate.P10, values) == min(values)


@pytest.mark.parametrize(("values", "expected"), [([4, 1, 3, 2], 2), ([3, 1, 2], 2), ([2, 1], 1)])
def test_the_median_of_an_even_number_of_values_is_the_lower_middle_one(
    values: list[float], expected: float
) -> None:
    assert aggregate(Aggregate.MEDIAN, values) == expected


@pytest.mark.parametrize(("yes", "count", "percent"), [(0, 3, 0), (7, 100, 7), (29, 100, 29), (3, 3, 100)])
def test_a_rate_is_the_percentage_of_yes_without_a_rounding_error(
    yes: int, count: int, percent: float
) -> None:
    assert aggregate(Aggregate.RATE, [1.0] * yes + [0.0] * (count - yes)) == percent


def test_a_rate_also_takes_booleans() -> None:
    assert aggregate(Aggregate.RATE, [True, False, False, False]) == 25


def test_the_mean_of_decimals_is_the_one_that_a_user_computes_on_paper() -> None:
    assert aggregate(Aggregate.MEAN, [0.1, 0.2]) == 0.15


@given(st.lists(st.decimals(-10, 10, places=2).map(float), min_size=1))
def test_the_mean_is_rounded_only_once(values: list[float]) -> None:
    hundredths = sum(round(each * 100) for each in values)
    assert aggregate(Aggregate.MEAN, values) == float(Fraction(hundredths, 100 * len(values)))
