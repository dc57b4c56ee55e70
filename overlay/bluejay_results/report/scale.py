"""Positions on the horizontal axis of a chart, as percentages, so that a chart is as wide as the page."""

from __future__ import annotations

from attrs import frozen

_NEAR_END = 15.0
"""Within this percentage of an end of the axis, a label starts or ends at its mark, so that it isn't cut."""


@frozen
class Mark:
    """A labelled position on an axis.

    Attributes:
        x: The position in SVG: `62.5%`.
        text: The label.
        anchor: Which part of the label is at the position: start, middle or end.
    """

    x: str
    text: str
    anchor: str


@frozen
class Scale:
    """An axis from a lowest to a highest value."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Return how far along the axis a value is, 0 to 100; a value beyond an end is at that end."""
        return min(100.0, max(0.0, 100 * (value - self.low) / (self.high - self.low)))

    def x(self, value: float) -> str:
        """Return the position of a value."""
        return x_of(self.share(value))

    def mark(self, value: float, text: str) -> Mark:
        """Return a labelled position."""
        share = self.share(value)
        anchor = "start" if share < _NEAR_END else "end" if share > 100 - _NEAR_END else "middle"
        return Mark(x_of(share), text, anchor)

    def width(self, low: float, high: float) -> str:
        """Return the width between two values."""
        return x_of(self.share(high) - self.share(low))


PERCENT = Scale(0.0, 1.0)
"""The axis of a rate, from 0 to 100 %."""


def x_of(share: float) -> str:
    """Format a percentage for SVG, with at most two decimals."""
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"
