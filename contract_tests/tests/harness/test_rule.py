"""Limits for every rule: the number of failures that it reports, and the length of their texts."""

import pytest
from bluejay_contract.checks.rule import MOST, Rule
from bluejay_contract.failure import Failure, Severity, Words
from contract_kit.tests.tables import table

from .. import builders
from .findings import answered, found_in


def _found(findings: int, expected: str = "b") -> list[Failure]:
    each = ("$.a", expected, Words("c"))
    rule = Rule("rule", Severity.DRIFT, "", lambda *_: iter([each] * findings), lambda *_: True)
    return list(rule.failures(answered({}), answered({})))


@table("findings, more", [(MOST, []), (MOST + 5, ["$"])])
def test_a_rule_adds_one_failure_about_the_entire_body_after_10_000_failures(
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
def test_other_rules_are_skipped_if_the_violations_of_one_rule_exceed_the_limit(
    results: int, duration: object, others: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body also breaks another rule: its field `status` is 500, but the HTTP status is 200."""
    for module in ("checks", "checks.rule", "checks.schema"):
        monkeypatch.setattr(f"bluejay_contract.{module}.MOST", 10)
    listed = [builders.result(number, duration=duration) for number in range(results)]
    document = builders.response(*listed) | {"status": "500"}
    broken = {failure.rule for failure in found_in(answered(document))}
    assert broken - {"response-schema-conformance", "page-size"} == others


@table("length, shown", [(300, "x" * 300), (301, "x" * 300 + "…")])
def test_the_description_of_the_expected_value_is_truncated_at_300_characters(
    length: int, shown: str
) -> None:
    assert _found(1, "x" * length)[0].expected == shown
