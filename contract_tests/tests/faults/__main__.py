"""Prints the fault matrix: `python -m contract_tests.tests.faults`."""

from __future__ import annotations

import os
import sys
import threading

from ._process import settings_from_outside
from ._running import Result, left_running, run
from ._table import table
from .catalogue import SECTIONS


def main() -> int:
    """Run every row and print it; return 1 if one isn't as expected."""
    for name in settings_from_outside():
        del os.environ[name]
    before = threading.enumerate()
    results: list[Result] = []
    for title, rows in SECTIONS.items():
        section = run(rows)
        sys.stdout.write(f"{table(title, section)}\n")
        sys.stdout.flush()
        results += section
    left = left_running(before)
    sys.stdout.writelines(f"! still running: {name}\n" for name in left)
    wrong = [result for result in results if result.wrong]
    calls = sum(len(cell.endings) for result in results for cell in result.cells.values())
    sys.stdout.write(f"{len(results)} rows, {calls} calls, rows not as expected: {len(wrong) or 'none'}\n")
    return 1 if wrong or left else 0


if __name__ == "__main__":
    sys.exit(main())
