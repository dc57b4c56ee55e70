"""What every rule has: a sentence, an end to its failures, and a way to show values."""

from functools import partial
from typing import Any

import pytest
from bluejay_contract.checks import Rule, SequenceRule, check, check_sequence
from bluejay_contract.checks._rule import MOST, failures
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Failure, Severity, Words, as_json

from .. import builders

CONTRACT = Contract.load()


def _exchange(document: Any) -> Exchange:
    return Exchange(Request("48213", Key.VALID), 200, JSON_HEADERS, builders.encoded(document))


def _any(*_: object) -> bool:
    return True


@pytest.mark.parametrize("kind", [partial(Rule, is_applicable=_any), SequenceRule])
def test_the_description_of_a_rule_is_the_first_line_of_its_docstring(kind: Any) -> None:
    def find(_: Any, __: Any) -> Any:
        """One thing.

        Another.
        """

    assert kind("name", Severity.DRIFT, find).description == "One thing."


@pytest.mark.parametrize("kind", [partial(Rule, is_applicable=_any), SequenceRule])
def test_the_description_of_a_rule_without_a_docstring_is_empty(kind: Any) -> None:
    assert kind("name", Severity.DRIFT, lambda *_: iter(())).description == ""


def test_received_values_are_shown_by_the_given_function() -> None:
    before, after = (_exchange(builders.response(created_at=f"2026-11-19T16:0{n}:00Z")) for n in (4, 5))
    broken = _exchange(builders.response(builders.result(status=7)))
    found = check(CONTRACT, broken, show=lambda _: "-") + check_sequence(before, after, show=lambda _: "-")
    assert [failure.received for failure in found] == ["-", "-"]


AGAIN = "bluejay-contract check run.json"


def _found(findings: int, expected: str = "b") -> list[Failure]:
    each = ("$.a", expected, Words("c"))
    return list(failures("rule", Severity.DRIFT, [each] * findings, Request(source="run.json"), as_json))


def test_a_rule_lists_up_to_10_000_failures() -> None:
    assert _found(MOST) == [Failure("rule", Severity.DRIFT, "$.a", "b", "c", AGAIN)] * MOST


def test_after_10_000_failures_a_last_one_says_that_there_are_more() -> None:
    *listed, last = _found(MOST + 5)
    assert len(listed) == MOST
    assert last == Failure(
        "rule",
        Severity.DRIFT,
        "$",
        "at most 10,000 failures",
        "more failures, which were not collected",
        AGAIN,
    )


@pytest.mark.parametrize(("length", "shown"), [(300, "x" * 300), (301, "x" * 300 + "…")])
def test_the_expected_text_is_cut_at_300_characters(length: int, shown: str) -> None:
    assert _found(1, "x" * length)[0].expected == shown


def _rules_broken_by(*results: Any) -> set[str]:
    """Which rules a response breaks whose own status contradicts that it is a 200, and its results."""
    document = builders.response(*results) | {"status": "500"}
    return {failure.rule for failure in check(CONTRACT, _exchange(document))}


def test_a_body_with_10_000_violations_is_checked_by_all_rules() -> None:
    bad = builders.result(duration="x")
    assert {"response-schema-conformance", "body-status"} <= _rules_broken_by(*[bad] * MOST)


def test_a_body_with_over_10_000_violations_skips_the_other_rules() -> None:
    bad = builders.result(duration="x")
    assert _rules_broken_by(*[bad] * (MOST + 1)) == {"response-schema-conformance"}


def test_a_body_with_over_10_000_suspicious_values_is_checked_by_all_rules() -> None:
    suspicious = builders.result(duration=-1)
    broken = _rules_broken_by(*[suspicious] * (MOST + 1))
    assert {"measures-not-negative", "body-status"} <= broken
