"""Reports contain every failure, grouped by rule, and no text can break their formats."""

import json
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from bluejay_contract.checks import RULES
from bluejay_contract.failure import Failure, Severity
from bluejay_contract.formats import to_json, to_junit, to_text
from bluejay_contract.report import Answered, Report
from hypothesis import given
from hypothesis import strategies as st

SCHEMA, RANGE, UNKNOWN = "response-schema-conformance", "percentage-in-range", "unknown-field"
OF_RULE = {SCHEMA: Severity.VIOLATION, RANGE: Severity.SUSPICIOUS, UNKNOWN: Severity.DRIFT}
ANY_TEXT = st.text(st.characters(exclude_categories=[]))


def failure(
    rule: str = SCHEMA, path: str = "$.a", again: str = "curl http://a", received: str = "that"
) -> Failure:
    return Failure(rule, OF_RULE[rule], path, "this", received, again)


def report(*failures: Failure, **fields: Any) -> Report:
    return Report("run.json", "1", RULES, failures, **fields)


def test_the_text_report_lists_failures_in_order_of_severity() -> None:
    found = [failure(UNKNOWN, "$.d"), failure(RANGE, "$.c"), failure(path="$.a"), failure(path="$.b")]
    found.append(failure(again="curl http://b"))
    text = to_text(report(*found, answers=(Answered("wrong key", 401, 1234),)), None)
    data = ["wrong key", "401", "1,234", SCHEMA, "$.a", "$.b", "curl http://a"]
    data += [SCHEMA, "$.a", "curl http://b", RANGE, "$.c", UNKNOWN, "$.d"]
    for each in data:
        _, found_it, text = text.partition(each)
        assert found_it, each


def test_the_json_report_contains_every_failure() -> None:
    found = [failure(path=f"$[{index}]") for index in range(50)] + [failure(UNKNOWN)]
    document = json.loads(to_json(report(*found, strict=True, inapplicable=RULES[:2], refusal="401")))
    assert document["counts"] == {"violation": 50, "suspicious": 0, "drift": 1}
    assert len(document["failures"]) == 51
    assert document["failures"][0] == {
        "rule": SCHEMA,
        "severity": "violation",
        "path": "$[0]",
        "expected": "this",
        "received": "that",
        "reproduction": "curl http://a",
    }
    told = [document[key] for key in ("source", "contract", "strict", "passed", "refusal")]
    assert told == ["run.json", "1", True, False, "401"]
    assert document["rules"] == [rule.name for rule in RULES]
    assert document["inapplicable"] == document["rules"][:2]


def junit(*failures: Failure, **fields: Any) -> Element:
    return fromstring(to_junit(report(*failures, **fields)))  # noqa: S314 - ours


def cases(root: Element, told: str) -> list[str | None]:
    """The names of the test cases that have a child with this tag."""
    return [case.get("name") for case in root.iter("testcase") if case.find(told) is not None]


def test_the_junit_report_has_one_test_case_per_rule() -> None:
    found = [failure(), failure(path="$.b"), failure(RANGE), failure(UNKNOWN)]
    root = junit(*found, inapplicable=RULES[:2])
    assert {case.get("name") for case in root.iter("testcase")} == {rule.name for rule in RULES}
    assert cases(root, "failure") == [SCHEMA]
    assert cases(root, "system-out") == [RANGE, UNKNOWN]
    assert cases(root, "skipped") == [rule.name for rule in RULES[:2]]
    (text,) = (each.text or "" for each in root.iter("failure"))
    assert [each for each in ("$.a", "$.b", "curl http://a") if each not in text] == []
    assert sum(int(suite.get("tests", 0)) for suite in root) == len(RULES)
    assert cases(junit(*found, strict=True), "failure") == [SCHEMA, UNKNOWN]


@pytest.mark.parametrize("is_applied", [False, True], ids=["skipped", "of other answers"])
def test_the_junit_report_has_an_error_if_no_run_could_be_read(is_applied: bool) -> None:
    """The schema rule can still apply to the 422 for a missing key."""
    schema = next(rule for rule in RULES if rule.name == SCHEMA)
    root = junit(inapplicable=RULES[:2] if is_applied else (schema, *RULES[:2]), refusal="401")
    assert cases(root, "error") == [SCHEMA]
    assert cases(root, "skipped") == [rule.name for rule in RULES[:2]]
    assert [root.get(key) for key in ("skipped", "errors", "failures")] == ["2", "1", "0"]


@given(text=ANY_TEXT)
def test_every_report_is_well_formed_whatever_was_received(text: str) -> None:
    """The text can contain control characters and lone surrogates, which XML can't represent."""
    whole = Report(text, text, RULES, (failure(path=text, received=text, again=text),))
    assert cases(fromstring(to_junit(whole)), "failure") == [SCHEMA]  # noqa: S314 - ours
    assert json.loads(to_json(whole))["failures"][0]["received"] == text
    assert to_json(whole).isascii()
    shown = to_text(whole, None).replace("\n", "")
    assert [
        each for each in shown if ord(each) < 32 or 127 <= ord(each) < 160 or each in "\u2028\u202e"
    ] == []
