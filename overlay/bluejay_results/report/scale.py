"""Positions on the horizontal axis of a chart, as percentages, so that a chart is as wide as the page."""

from __future__ import annotations

from attrs import frozen

_NEAR_END = 15.0
"""A label within this percentage of an end of the axis isn't centred on its mark, so that the label fits."""


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
    """An axis from a lowest to a highest value. A value outside the axis is placed at its nearest end."""

    low: float
    high: float

    def x(self, value: float) -> str:
        """Return the position of a value."""
        return _x(self._share(value))

    def mark(self, value: float, text: str) -> Mark:
        """Return a labelled position."""
        share = self._share(value)
        anchor = "start" if share < _NEAR_END else "end" if share > 100 - _NEAR_END else "middle"
        return Mark(_x(share), text, anchor)

    def width(self, low: float, high: float) -> str:
        """Return the width between two values."""
        return _x(self._share(high) - self._share(low))

    def _share(self, value: float) -> float:
        return min(100.0, max(0.0, 100 * (value - self.low) / (self.high - self.low)))


PERCENT = Scale(0.0, 100.0)
"""The axis of a rate in percent."""


def _x(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"
