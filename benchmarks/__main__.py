"""Run all benchmarks and write RESULTS.md, or compare new ratios with those in results.json.

Usage: python -m benchmarks [--check]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from .build import build
from .case import Case
from .cases import CASES
from .check import check
from .goals import Goal, Growth
from .measure import measure
from .report import committed, write


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a ratio that got worse")
    is_check: bool = parser.parse_args().check
    build()
    if is_check:
        return check(committed(), lambda goals: measure(_needed(goals)))
    write(measure(CASES.values()))
    return 0


def _needed(goals: Iterable[Goal | Growth]) -> list[Case]:
    names = {name for goal in goals for name in goal.cases}
    return [case for case in CASES.values() if case.name in names]


if __name__ == "__main__":
    sys.exit(main())
