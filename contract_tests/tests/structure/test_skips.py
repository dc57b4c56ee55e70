"""No test is skipped on a machine with only Python and make, where a skip would go unseen."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
LISTED = ["tests/overlay/test_processes.py"]
"""Tests of what not every platform has: these need `fork`."""
SKIP = re.compile(r"\b(?:skipif|importorskip|mark\.skip|pytest\.skip|unittest\.skip)\(")


def test_only_listed_files_skip_tests() -> None:
    files = [each for each in sorted(TESTS.rglob("*.py")) if SKIP.search(each.read_text())]
    assert [str(each.relative_to(TESTS)) for each in files] == LISTED
