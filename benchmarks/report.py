"""Writes RESULTS.md for people, results.json for `make bench-check`, and results.svg as a picture."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator
from importlib import metadata
from itertools import groupby
from pathlib import Path
from statistics import median

from . import growth
from .case import Case
from .cases import CASES
from .goals import GOALS, Figures, ratios

FOLDER = Path(__file__).parent
COMPARED = (
    *("bluejay-results", "bluejay-sdk", "openapi-python-client", "datamodel-code-generator"),
    *("msgspec", "attrs", "pydantic", "httpx", "typer", "rich", "pyperf"),
)


def write(figures: Figures) -> None:
    """Write the measured values to the three files."""
    machine, found = _machine(), ratios(figures)
    document = {"machine": machine, "ratios": _rounded(found), "figures": dict(figures)}
    (FOLDER / "results.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "RESULTS.md").write_text("\n".join(_markdown(machine, figures, found)) + "\n", encoding="utf-8")
    from .plot import draw  # loaded late: it imports matplotlib

    draw(figures, FOLDER / "results.svg")


def committed() -> dict[str, float]:
    """Return the ratios in results.json."""
    found: dict[str, float] = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))["ratios"]
    return found


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _machine() -> dict[str, str]:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in COMPARED)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {
        "python": python,
        "system": f"{platform.system()}, {platform.machine()}",
        "processor": f"{os.cpu_count()} cores, {_processor()}",
        "versions": versions,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def _markdown(machine: dict[str, str], figures: Figures, found: dict[str, float]) -> Iterator[str]:
    yield "# Results\n"
    yield "`make bench` writes this page; `README.md` in this folder describes what is measured, and how."
    yield "A figure is the median of its rounds. A ratio is the median of the ratios of the rounds.\n"
    yield from (f"- {text}" for text in machine.values())
    yield "\n![Our client beside the others](results.svg)\n"
    yield from _goals(found)
    series = {growth.group(name, each, what) for name, each, what in growth.GROUPS}
    for group, members in groupby(CASES.values(), key=lambda case: case.group):
        if group not in series:
            yield from _group(group, list(members), figures)
    yield from _growth(figures)


def _goals(found: dict[str, float]) -> Iterator[str]:
    yield "## Goals\n"
    yield "| our case / the other case | ratio | maximum | verdict | reason for the maximum |"
    yield "|---|--:|--:|---|---|"
    for goal in GOALS:
        value = found[goal.name]
        verdict = "met" if value <= goal.at_most else "**missed**"
        yield f"| {goal.name} | {value:.3f} | {goal.at_most:.3f} | {verdict} | {goal.reason} |"
    yield "\nGrowth is the exponent with which a cost grows with the number of conversations: 1 is linear,"
    yield "2 is quadratic.\n"


def _group(group: str, members: list[Case], figures: Figures) -> Iterator[str]:
    yield f"## {group[0].upper()}{group[1:]}\n"
    yield "| contender | median | range of the rounds | ratio to the first |"
    yield "|---|--:|--:|--:|"
    first = median(figures[members[0].name])
    for case in members:
        values = figures[case.name]
        figure = median(values)
        least, most = _amount(min(values), case.unit), _amount(max(values), case.unit)
        middle = _amount(figure, case.unit)
        yield f"| {case.contender} | {middle} | {least} to {most} | {figure / first:.2f} |"
    yield ""


def _growth(figures: Figures) -> Iterator[str]:
    yield "## Growth\n"
    yield "The figures are of a whole process, except for the times of decode and run.incomplete. The slope"
    yield "is the cost that each conversation adds, between the last two sizes.\n"
    for conversation, (counts, _) in growth.SERIES.items():
        yield f"| conversations of {conversation} | {' | '.join(f'{count:,}' for count in counts)} | slope |"
        yield f"|---|{'--:|' * (len(counts) + 1)}"
        for name, what in [(name, what) for name, each, what in growth.GROUPS if each == conversation]:
            unit = "second" if what == "time" else "byte"
            values = list(growth_values(figures, name, conversation, what))
            slope = (values[-1] - values[-2]) / (counts[-1] - counts[-2])
            cells = [_amount(value, unit) for value in (*values, slope)]
            yield f"| {name}, {what} | {' | '.join(cells)} |"
        yield ""


def growth_values(figures: Figures, name: str, conversation: str, what: str) -> Iterable[float]:
    """Yield a series' medians, from the smallest body to the largest."""
    counts, _ = growth.SERIES[conversation]
    group = growth.group(name, conversation, what)
    return (median(figures[f"{group}: {count:,}"]) for count in counts)


def _amount(value: float, unit: str) -> str:
    """Return a time or a size as text, with three digits in a suitable unit."""
    units = {"second": ("s", "ms", "µs"), "byte": ("MB", "kB", "B")}[unit]
    scaled = value if unit == "second" else value / 1e6
    for name in units[:-1]:
        if scaled >= 1:
            return f"{scaled:.3g} {name}"
        scaled *= 1000
    return f"{scaled:.3g} {units[-1]}"
