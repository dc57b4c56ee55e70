"""Draws the league's picture: one bar per client, divided by what the client did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import accumulate

from attrs import frozen

from .shares import Part

_LABELS, _BAR, _GAP, _ROW = 250, 340, 24, 26
_TOP = 84
_WIDTH = _LABELS + 2 * (_BAR + _GAP)
_NARROWEST = 22
"""The minimum width of a part that has room for its percentage."""
COLOURS = {
    Part.REFUSED: ("#1f6fb2", "#fff"),
    Part.NO_EFFECT: ("#a6d3f0", "#000"),
    Part.CRASHED: ("#868686", "#000"),
    Part.UNKNOWN: ("#bdbdbd", "#000"),
    Part.PASSED_ON: ("#ffe9a8", "#000"),
    Part.LOST: ("#e88a1a", "#000"),
    Part.ALTERED: ("url(#hatched)", "#fff"),
}
"""Each part's fill and text colour. Neighbouring parts also differ in greyscale."""
_HATCHED = """\
<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" fill="#b3261e"/><rect width="1.5" height="6" fill="#7a1209"/>
</pattern>"""
_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.page { fill: #fff }
rect.part { stroke: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .page { fill: #0d1117 }
  rect.part { stroke: #0d1117 }
}"""


@frozen
class Bar:
    """A client: its name and, for each panel, how many responses are in each part."""

    name: str
    panels: Sequence[Counter[Part]]


def picture(groups: Mapping[str, Sequence[Bar]], panels: Sequence[str], title: str) -> str:
    """Return an SVG with a bar for each client in each panel.

    Args:
        groups: The clients' bars, by group title.
        panels: The titles of the panels.
        title: What the picture shows, for people who can't see it.
    """
    every = [bar for bars in groups.values() for bar in bars]
    height = _TOP + _ROW * (len(every) + len(groups)) + 8
    used = [part for part in COLOURS if any(panel[part] for bar in every for panel in bar.panels)]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        _HATCHED,
        f'<rect class="page" width="{_WIDTH}" height="{height}"/>',
        *_key(used),
        *(_text(_left(at), _TOP - 12, name, "title") for at, name in enumerate(panels)),
    ]
    top = _TOP
    for group, bars in groups.items():
        lines.append(_text(8, top + 18, group, "title"))
        for bar in bars:
            top += _ROW
            lines.append(_text(16, top + 17, bar.name))
            for at, counts in enumerate(bar.panels):
                lines += _parts(_left(at), top, f"{bar.name}, {panels[at]}", counts)
        top += _ROW
    return "\n".join([*lines, "</svg>"]) + "\n"


def _left(panel: int) -> int:
    return _LABELS + panel * (_BAR + _GAP)


def _key(parts: Sequence[Part]) -> Iterator[str]:
    """Yield a square and a name for each part, in the same order as in the bars."""
    left = 16
    for part in parts:
        yield f'<rect class="part" x="{left}" y="20" width="16" height="16" fill="{COLOURS[part][0]}"/>'
        yield _text(left + 22, 33, part)
        left += 60 + 7 * len(part)


def _parts(left: float, top: float, name: str, counts: Counter[Part]) -> Iterator[str]:
    """Yield the parts of a bar, each with its percentage if there is room."""
    shares = {part: counts[part] / counts.total() for part in COLOURS if counts[part]}
    starts = accumulate(shares.values(), initial=0.0)
    for start, (part, share) in zip(starts, shares.items(), strict=False):
        x, width = left + start * _BAR, share * _BAR
        colour, of_text = COLOURS[part]
        said = f"{name}: {part} {100 * share:.1f} % ({counts[part]:,} of {counts.total():,})"
        yield (
            f'<rect class="part" x="{x:.1f}" y="{top + 2}" width="{width:.1f}" height="{_ROW - 4}" '
            f'fill="{colour}"><title>{escape(said)}</title></rect>'
        )
        if width >= _NARROWEST:
            place = f'x="{x + width / 2:.1f}" y="{top + 17}" text-anchor="middle"'
            # Rounded down, so that only a complete bar shows 100.
            yield f'<text {place} style="fill:{of_text}">{100 * counts[part] // counts.total()}</text>'


def _text(x: float, y: float, text: str, kind: str = "name") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>'
