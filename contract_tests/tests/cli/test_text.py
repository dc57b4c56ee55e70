"""Rates and numbers as the command writes them."""

from __future__ import annotations

import pytest
from bluejay_results.cli.text import number, percent


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (2 / 3, "66.7 %"),
        (0.29, "29.0 %"),
        (1 / 16, "6.3 %"),
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.9985, "99.9 %"),
        (1999 / 2000, "99.9 %"),
    ],
)
def test_a_rate_is_rounded_but_never_up_to_100(rate: float, said: str) -> None:
    assert percent(rate) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5e6, "5,000,000"),
        (10_000, "10,000"),
        (9999.0, "9999"),
        (1240.5, "1240.5"),
        (-12_345.25, "-12,345.25"),
        (0.0000001, "0.0000001"),
        (100.0, "100"),
        (0, "0"),
        (1e300, f"1{',000' * 100}"),
    ],
)
def test_a_number_is_written_without_an_exponent(value: float, said: str) -> None:
    assert number(value) == said
