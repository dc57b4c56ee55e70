"""Draws charts that compare our client with the others, and that show how each command's cost grows."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from . import growth
from .cases import CASES
from .goals import Figures

BARS = ("decode 70 kB", "decode 7 MB", "decode 7 MB, memory", "import", "retrieve 7 kB", "retrieve 7 MB")


def draw(figures: Figures, file: Path) -> None:
    """Draw the charts as an SVG; the same values always result in the same bytes."""
    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bluejay-results", "font.size": 8})
    figure, axes = plt.subplots(2, 4, figsize=(15, 6), layout="constrained")
    for axis, group in zip(axes.flat, BARS, strict=False):
        _bars(axis, group, figures)
    _lines(axes.flat[-2], "time", 1.0, "s", figures)
    _lines(axes.flat[-1], "memory", 1e6, "MB", figures)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _bars(axis: Axes, group: str, figures: Figures) -> None:
    cases = [case for case in CASES.values() if case.group == group]
    scale, unit = (1e3, "ms") if cases[0].unit == "second" else (1e-6, "MB")
    values = [median(figures[case.name]) * scale for case in cases]
    colours = ["tab:blue" if case.contender.startswith("ours") else "lightgrey" for case in cases]
    bars = axis.barh([case.contender for case in cases], values, color=colours)
    axis.bar_label(bars, fmt="%.4g", padding=2)
    axis.invert_yaxis()
    axis.margins(x=0.25)
    axis.set_title(f"{group} ({unit})")


def _lines(axis: Axes, what: str, scale: float, unit: str, figures: Figures) -> None:
    conversation = "7 kB"
    counts, _ = growth.SERIES[conversation]
    for name in growth.COMMANDS:
        group = growth.group(name, conversation, what)
        values = [median(figures[f"{group}: {count:,}"]) / scale for count in counts]
        axis.loglog(counts, values, marker="o", label=name)
    axis.set_title(f"{what} by conversations ({unit})")
    axis.legend()
