"""The fault matrix as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from ._call import Ending, Way
from ._running import Cell, Result

_COLUMNS: dict[str, tuple[Way, ...]] = {
    "sync retrieve": (Way.RETRIEVE,),
    "async retrieve": (Way.RETRIEVE_ASYNC,),
    "wait": (Way.WAIT, Way.WAIT_ASYNC),
    "command": (Way.COMMAND,),
}


def table(title: str, results: Sequence[Result]) -> str:
    """Return the rows of one section, and below them what is not as expected."""
    lines = [(title, *_COLUMNS, "seconds", "MiB"), *map(_line, results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(
        [*rows, *(f"! {each.row.name}: {wrong}" for each in results for wrong in each.wrong), ""]
    )


def _line(result: Result) -> tuple[str, ...]:
    columns = (
        _column([result.cells[way] for way in ways if way in result.cells]) for ways in _COLUMNS.values()
    )
    peak = "" if result.peak_mib is None else f"{result.peak_mib:.0f}"
    return (result.row.name, *columns, f"{result.seconds:.1f}", peak)


def _column(cells: list[Cell]) -> str:
    """Return one text for what both clients agree on, else one each."""
    mark = "! " if any(cell.wrong for cell in cells) else ""
    return mark + " / ".join(dict.fromkeys(map(_cell, cells))) if cells else "-"


def _cell(cell: Cell) -> str:
    return ", ".join(dict.fromkeys(map(_ending, cell.endings)))


def _ending(ending: Ending) -> str:
    text = _short(ending.what, ending.status)
    return f"{text} ({_short(ending.beneath, ending.beneath_status)})" if ending.beneath else text


def _short(what: str, status: int | None) -> str:
    return what.removesuffix("Error") + (f" {status}" if status else "")
