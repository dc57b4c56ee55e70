"""What every rule has: a description, a limit on its failures, and a way to show values."""

from functools import partial
from typing import Any

import pytest
from bluejay_contract.checks import Rule, SequenceRule, check, check_sequence
from bluejay_contract.checks.rule import MOST, failures
from bluejay_contract.exchange import Request
from bluejay_contract.failure import Failure, Severity, Words, as_json

from .. import builders
from .exchanges import CONTRACT, answered, found_in


def _any(*_: object) -> bool:
    return True


@pytest.mark.parametrize("kind", [partial(Rule, is_applicable=_any), SequenceRule])
def test_the_description_of_a_rule_is_the_first_line_of_its_docstring_if_it_has_one(kind: Any) -> None:
    def find(_: Any, __: Any) -> Any:
        """One thing.

        Another.
        """

    assert kind("name", Severity.DRIFT, find).description == "One thing."
    assert kind("name", Severity.DRIFT, lambda *_: iter(())).description == ""


def test_received_values_are_shown_by_the_given_function() -> None:
    before, after = (answered(builders.response(created_at=f"2026-11-19T16:0{n}:00Z")) for n in (4, 5))
    broken = answered(builders.response(builders.result(status=7)))
    found = check(CONTRACT, broken, show=lambda _: "-") + check_sequence(before, after, show=lambda _: "-")
    assert [failure.received for failure in found] == ["-", "-"]


def _found(findings: int, expected: str = "b") -> list[Failure]:
    each = ("$.a", expected, Words("c"))
    return list(failures("rule", Severity.DRIFT, [each] * findings, Request(source="run.json"), as_json))


@pytest.mark.parametrize(("findings", "more"), [(MOST, []), (MOST + 5, ["$"])])
def test_after_10_000_failures_a_rule_adds_one_about_the_whole_document(
    findings: int, more: list[str]
) -> None:
    found = _found(findings)
    assert MOST == 10_000
    assert [each.path for each in found[MOST:]] == more
    assert set(found[:MOST]) == {found[0]}


@pytest.mark.parametrize(
    ("results", "duration", "others"),
    [
        (10, "x", {"body-status"}),
        (11, "x", set()),
        (11, -1, {"body-status", "measures-not-negative"}),
    ],
    ids=["violations at the limit", "violations over the limit", "suspicious values over the limit"],
)
def test_the_other_rules_are_skipped_only_if_a_violation_is_found_more_often_than_the_limit(
    results: int, duration: object, others: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body also gives its status as 500 instead of 200, which breaks another rule."""
    for module in ("checks", "checks.rule", "checks.schema"):
        monkeypatch.setattr(f"bluejay_contract.{module}.MOST", 10)
    listed = [builders.result(number, duration=duration) for number in range(results)]
    document = builders.response(*listed) | {"status": "500"}
    broken = {failure.rule for failure in found_in(answered(document))}
    assert broken - {"response-schema-conformance", "page-size"} == others


@pytest.mark.parametrize(("length", "shown"), [(300, "x" * 300), (301, "x" * 300 + "…")])
def test_the_expected_text_is_cut_at_300_characters(length: int, shown: str) -> None:
    assert _found(1, "x" * length)[0].expected == shown
