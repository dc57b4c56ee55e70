"""Plays every fault and writes how the calls ended: `make faults`."""

import os
import sys
from pathlib import Path

from ..outside import settings_from_outside
from ._running import run
from .catalogue import SECTIONS

ENDINGS = Path(__file__).with_name("endings.txt")


def main() -> int:
    """Run every row and write how its calls ended; return 1 if one broke a rule for every call."""
    for name in settings_from_outside():
        del os.environ[name]
    lines, wrong = list[str](), list[str]()
    for title, rows in SECTIONS.items():
        cells = run(rows)
        lines += [f"== {title}", *(each.line for each in cells), ""]
        wrong += [f"! {each.line}: {what}" for each in cells for what in each.wrong]
    ENDINGS.write_text("\n".join(lines))
    sys.stdout.write("\n".join([*lines, *wrong, ""]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
