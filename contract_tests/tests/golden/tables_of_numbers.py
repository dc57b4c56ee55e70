"""Numbers as text: each value in each unit, alone and beside each limit."""

from collections.abc import Iterator
from itertools import pairwise

from bluejay_results.writing.numbers import exact_text, number_text, points_text, range_text

VALUES = (
    *(-12.125, -0.125, 0, 0.04, 0.0421, 1.0445, 1.2, 1.25, 7 / 3, 3.996, 4, 6.25, 12.125, 20.0495, 64, 66.6),
    *(66.666, 79.96, 80, 80.01, 84.25, 99.95, 100, 840.4, 1500.4, 1580.5, 1e300),
)
LIMITS = (None, 1.04, 4, 20, 66.7, 80, 1500)
CHANGES = (-18.04, -0.04, -5.6e-15, 0.0, 0.0031, 0.05)


def numbers() -> Iterator[str]:
    """Yield how each number, change and range is written."""
    for value in VALUES:
        for unit in ("", "%", "ms", "s"):
            written = [number_text(value, unit, limit) for limit in LIMITS]
            yield f"{value!r} {unit}: {', '.join(written)}; exactly {exact_text(value, unit)}"
    yield from (f"change of {each!r}: {points_text(each)}" for each in CHANGES)
    for low, high in pairwise(VALUES):
        yield f"from {low!r} to {high!r}: {range_text(low, high)}, beside 80: {range_text(low, high, 80)}"
