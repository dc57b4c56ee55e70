"""Prints the fault matrix: `python -m contract_tests.tests.faults`."""

import os
import sys

from ..outside import settings_from_outside
from ._running import run
from .catalogue import SECTIONS


def main() -> int:
    """Run every row and print how its calls ended; return 1 if one ended unexpectedly."""
    for name in settings_from_outside():
        del os.environ[name]
    is_wrong = False
    for title, rows in SECTIONS.items():
        cells = run(rows)
        sys.stdout.writelines([f"{title}\n", *(f"{cell}\n" for cell in cells), "\n"])
        is_wrong |= any(cell.wrong for cell in cells)
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
