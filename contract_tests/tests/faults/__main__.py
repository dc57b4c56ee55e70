"""Prints the fault matrix: `python -m contract_tests.tests.faults`."""

import os
import sys
import threading
from collections.abc import Sequence

from ..outside import settings_from_outside
from ._call import Ending, Way
from ._running import Result, left_running, run
from .catalogue import SECTIONS

_COLUMNS: dict[str, tuple[Way, ...]] = {
    "sync retrieve": (Way.RETRIEVE,),
    "async retrieve": (Way.RETRIEVE_ASYNC,),
    "wait": (Way.WAIT, Way.WAIT_ASYNC),
    "command": (Way.COMMAND,),
    "single result": (Way.RESULT, Way.RESULT_ASYNC),
    "queue": (Way.QUEUE, Way.QUEUE_ASYNC),
    "runs": (Way.RUNS, Way.RUNS_ASYNC),
}


def main() -> int:
    """Run every row and print it; return 1 if one isn't as expected."""
    for name in settings_from_outside():
        del os.environ[name]
    before = threading.enumerate()
    results: list[Result] = []
    for title, rows in SECTIONS.items():
        section = run(rows)
        sys.stdout.write(f"{_table(title, section)}\n")
        sys.stdout.flush()
        results += section
    left = left_running(before)
    sys.stdout.writelines(f"! still running: {name}\n" for name in left)
    wrong = [result for result in results if result.wrong]
    calls = sum(len(cell.endings) for result in results for cell in result.cells.values())
    sys.stdout.write(f"{len(results)} rows, {calls} calls, rows not as expected: {len(wrong) or 'none'}\n")
    return 1 if wrong or left else 0


def _table(title: str, results: Sequence[Result]) -> str:
    """Return the rows of one section, followed by the deviations."""
    lines = [(title, *_COLUMNS, "seconds", "MiB"), *map(_line, results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    rows.insert(1, "  ".join("-" * width for width in widths))
    wrong = [f"! {each.row.name}: {wrong}" for each in results for wrong in each.wrong]
    return "\n".join([*rows, *wrong, ""])


def _line(result: Result) -> tuple[str, ...]:
    """Return the cells of a row: its name, how its calls ended, the longest time and the peak memory."""
    columns = (_column(result, ways) for ways in _COLUMNS.values())
    endings = [ending for cell in result.cells.values() for ending in cell.endings]
    peaks = [ending.peak_mib for ending in endings if ending.peak_mib is not None]
    seconds = max(ending.seconds for ending in endings)
    return (result.row.name, *columns, f"{seconds:.1f}", f"{max(peaks):.0f}" if peaks else "")


def _column(result: Result, ways: tuple[Way, ...]) -> str:
    """Return one text if both clients agree, otherwise a text for each client."""
    cells = [result.cells[way] for way in ways if way in result.cells]
    mark = "! " if any(cell.wrong for cell in cells) else ""
    texts = (", ".join(dict.fromkeys(map(_ending, cell.endings))) for cell in cells)
    return mark + " / ".join(dict.fromkeys(texts)) if cells else "-"


def _ending(ending: Ending) -> str:
    text = _short(ending.what, ending.status)
    return f"{text} ({_short(ending.beneath, ending.beneath_status)})" if ending.beneath else text


def _short(what: str, status: int | None) -> str:
    return what.removesuffix("Error") + (f" {status}" if status else "")


if __name__ == "__main__":
    sys.exit(main())
