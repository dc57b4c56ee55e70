"""The table of planted bugs cites tests that exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "mutation" / "planted_bugs.md"
CITED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE.read_text())))


@pytest.mark.parametrize(("file", "name"), CITED)
def test_every_planted_bug_has_a_test_that_finds_it(file: str, name: str) -> None:
    folder = TESTS.parent if file.startswith("contract_kit/") else TESTS
    assert f"def {name}(" in (folder / file).read_text()
