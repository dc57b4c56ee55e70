"""Numbers as text: their digits and units, and on which side of a limit they are."""

from bluejay_results.writing.numbers import exact_text, number_text, points_text, range_text
from contract_kit.tests.tables import table
from hypothesis import given
from hypothesis import strategies as st

FINITE = st.floats(-1e12, 1e12) | st.integers(-1000, 1000).map(lambda each: each / 8)


@table(
    "value, unit, text",
    [
        (80, "%", "80.0 %"),
        (100 / 16, "%", "6.3 %"),
        (0, "%", "0.0 %"),
        (100, "%", "100.0 %"),
        (1580.5, "ms", "1581 ms"),
        (840.4, "ms", "840 ms"),
        (1.25, "ms", "1.25 ms"),
        (0.0421, "ms", "0.0421 ms"),
        (1e300, "ms", "1e+300 ms"),
        (64, "s", "64 s"),
        (1.2, "s", "1.2 s"),
        (4, "", "4"),
        (7 / 3, "", "2.33"),
        (-0.125, "", "-0.125"),
        (12.125, "", "12.13"),
        (-12.125, "", "-12.13"),
        (0, "", "0"),
    ],
)
def test_each_unit_has_one_spelling_and_halves_are_rounded_away_from_zero(
    value: float, unit: str, text: str
) -> None:
    assert number_text(value, unit) == text


@table(
    "value, unit, limit, text",
    [
        (1.0445, "s", 1.04, "1.045 s"),
        (79.96, "%", 80, "79.96 %"),
        (66.666, "%", 66.7, "66.67 %"),
        (20.0495, "%", 20, "20.05 %"),
        (80, "%", 80, "80.0 %"),
        (66.6, "%", 80, "66.6 %"),
        (1999 / 20, "%", None, "99.95 %"),
        (0.04, "%", None, "0.04 %"),
        (1500.4, "ms", 1500, "1500.4 ms"),
        (3.996, "", 4, "3.996"),
    ],
)
def test_a_number_has_enough_digits_to_differ_from_its_limit(
    value: float, unit: str, limit: float | None, text: str
) -> None:
    assert number_text(value, unit, limit) == text


@given(FINITE, FINITE, st.sampled_from(["", "%", "ms", "s"]))
def test_a_printed_number_is_on_the_same_side_of_its_limit_as_the_number(
    value: float, limit: float, unit: str
) -> None:
    printed = float(number_text(value, unit, limit).split()[0])
    assert (printed < limit, printed > limit) == (value < limit, value > limit)


@given(FINITE)
def test_a_number_without_rounding_is_printed_exactly_and_without_an_exponent(value: float) -> None:
    assert float(exact_text(value, "ms").removesuffix(" ms")) == value
    assert "e" not in exact_text(value)


def test_a_range_is_one_number_if_both_ends_look_the_same() -> None:
    assert [range_text(80, 84.25), range_text(80, 80.01), range_text(80, 80.01, 80)] == [
        "80.0 to 84.3 %",
        "80.0 %",
        "80.0 to 80.01 %",
    ]


@table(
    "value, written",
    [
        (-18.04, "-18.0"),
        (0.05, "+0.1"),
        (0.0, "0.0"),
        (-0.04, "-0.04"),
        (0.0031, "+0.003"),
        (-5.6e-15, "0.0"),
    ],
)
def test_a_small_change_is_printed_with_enough_decimals_to_differ_from_0(value: float, written: str) -> None:
    assert points_text(value) == written
