"""Every promise of SECURITY.md names a test that exists."""

import re

from .dependencies import ROOT

TESTS = ROOT / "contract_tests" / "tests"
POLICY = (ROOT / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| (?!promise)([^|]+) \| ([^|]+) \|$", POLICY, re.MULTILINE)


def test_every_promise_names_existing_tests() -> None:
    assert len(ROWS) > 10
    named = {promise: re.findall(r"`([^`]+)`", tests) for promise, tests in ROWS}
    assert [promise for promise, names in named.items() if not names] == []
    missing = {name for names in named.values() for name in names if not (TESTS / name).is_file()}
    assert missing == set()


def test_the_security_policy_contains_no_email_address() -> None:
    assert re.findall(r"\S+@\S+", POLICY) == []
