"""Prints the fault matrix: `python -m contract_tests.tests.faults`."""

import os
import sys
import threading
from collections.abc import Sequence

from ..outside import settings_from_outside
from ._performing import Ending
from ._row import Way
from ._running import Result, left_running, run
from .catalogue import SECTIONS


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
    lines = [(title, *(way.value for way in Way), "seconds"), *map(_line, results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*rows, *(f"! {wrong}" for each in results for wrong in each.wrong), ""])


def _line(result: Result) -> tuple[str, ...]:
    """Return the cells of a row: its name, how its calls ended, and the longest time."""
    ends = {way: ", ".join(map(_ending, cell.endings)) for way, cell in result.cells.items()}
    seconds = max(ending.seconds for cell in result.cells.values() for ending in cell.endings)
    return (result.row.name, *(ends.get(way, "-") for way in Way), f"{seconds:.1f}")


def _ending(ending: Ending) -> str:
    status = ending.error and ending.error.status_code
    return ending.what.removesuffix("Error") + (f" {status}" if status else "")


if __name__ == "__main__":
    sys.exit(main())
