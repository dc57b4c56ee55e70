"""Rates as text."""

import pytest
from bluejay_results.writing.safe_text import percent_text


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
    assert percent_text(rate) == said
