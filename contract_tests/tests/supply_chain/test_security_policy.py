"""Every promise of SECURITY.md names a test that is there."""

from __future__ import annotations

import re

import pytest

from .dependencies import ROOT

POLICY = (ROOT / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| (?!promise)([^|]+) \| ([^|]+) \|$", POLICY, re.MULTILINE)


def test_there_are_promises() -> None:
    assert len(ROWS) > 10


@pytest.mark.parametrize(("promise", "tests"), ROWS)
def test_a_promise_is_tested(promise: str, tests: str) -> None:
    named = re.findall(r"`([^`]+)`", tests)
    missing = [name for name in named if not (ROOT / "contract_tests" / "tests" / name).is_file()]
    assert (promise, bool(named), missing) == (promise, True, [])


def test_nobody_is_sent_to_an_address_that_nobody_reads() -> None:
    assert re.findall(r"\S+@\S+", POLICY) == []
