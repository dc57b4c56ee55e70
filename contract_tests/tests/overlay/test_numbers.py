"""Numbers as text: their digits and units, and on which side of a limit they are."""

from bluejay_results.writing.numbers import exact_text, number_text
from hypothesis import given
from hypothesis import strategies as st

FINITE = st.floats(-1e12, 1e12) | st.integers(-1000, 1000).map(lambda each: each / 8)


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
