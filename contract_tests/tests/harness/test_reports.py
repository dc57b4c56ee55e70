"""The reports contain every failure, in groups, and no text can break their formats."""

import json
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from bluejay_contract.checks import RULES
from bluejay_contract.failure import Failure, Severity
from bluejay_contract.reports import Answered, Report, to_json, to_junit, to_text
from hypothesis import given
from hypothesis import strategies as st

OF_RULE = {
    "response-schema-conformance": Severity.VIOLATION,
    "percentage-in-range": Severity.SUSPICIOUS,
    "unknown-field": Severity.DRIFT,
}


def failure(
    rule: str = "response-schema-conformance", path: str = "$.a", again: str = "curl http://a", **fields: str
) -> Failure:
    said = {"expected": "this", "received": "that"} | fields
    return Failure(rule, OF_RULE[rule], path, said["expected"], said["received"], again)


def report(*failures: Failure, **fields: Any) -> Report:
    return Report("run.json", "1", RULES, failures, **fields)


def test_failures_are_grouped_by_severity_with_violations_first() -> None:
    lines = to_text(report(*map(failure, sorted(OF_RULE))), None).splitlines()
    assert [line for line in lines if line[:1].isupper()] == [
        "Violations (forbidden)",
        "Suspicious (allowed but implausible)",
        "Drift (not in the contract yet)",
    ]


def test_failures_are_grouped_by_rule_and_request_after_the_responses() -> None:
    found = [failure(path="$.b"), failure(path="$.c"), failure(again="curl http://b")]
    lines = to_text(report(*found, answers=(Answered("wrong key", 401, 1234),)), None).splitlines()
    assert lines[0] == "wrong key    401  1,234 bytes"
    assert [line for line in lines if line.startswith("  ")] == [
        "  response-schema-conformance: The body must conform to the schema of its status.",
        "    $.b: expected this, received that",
        "    $.c: expected this, received that",
        "    Reproduce: curl http://a",
        "  response-schema-conformance: The body must conform to the schema of its status.",
        "    $.a: expected this, received that",
        "    Reproduce: curl http://b",
    ]


@pytest.mark.parametrize(("failures", "said"), [(3, None), (4, "and 1 more (--all lists them)")])
def test_the_report_counts_the_failures_that_it_leaves_out(failures: int, said: str | None) -> None:
    lines = to_text(report(*[failure()] * failures), 3).splitlines()
    assert [line.strip() for line in lines if "more" in line] == ([said] if said else [])


def test_the_json_report_has_every_failure_and_the_counts_and_rules() -> None:
    found = [failure(path=f"$[{index}]") for index in range(50)] + [failure("unknown-field")]
    document = json.loads(to_json(report(*found, strict=True, inapplicable=RULES[:2], refusal="401")))
    assert document["counts"] == {"violation": 50, "suspicious": 0, "drift": 1}
    assert len(document["failures"]) == 51
    assert document["failures"][0] == {
        "rule": "response-schema-conformance",
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
    assert not json.loads(to_json(report(refusal="401")))["passed"]


def junit(*failures: Failure, **fields: Any) -> Element:
    return fromstring(to_junit(report(*failures, **fields)))  # noqa: S314 - ours


def cases(root: Element, told: str) -> list[str | None]:
    """The names of the test cases that have a child with this tag."""
    return [case.get("name") for case in root.iter("testcase") if case.find(told) is not None]


def test_a_junit_case_fails_only_if_its_failures_affect_the_exit_code() -> None:
    found = [failure("response-schema-conformance"), failure("percentage-in-range"), failure("unknown-field")]
    assert cases(junit(*found), "failure") == ["response-schema-conformance"]
    assert cases(junit(*found), "system-out") == ["percentage-in-range", "unknown-field"]
    assert cases(junit(*found, strict=True), "failure") == ["response-schema-conformance", "unknown-field"]


@pytest.mark.parametrize("is_applied", [False, True], ids=["skipped", "of other answers"])
def test_junit_has_an_error_and_counts_skipped_cases_if_there_was_no_run(is_applied: bool) -> None:
    """The rule about the schema also applies to the refusal of a missing key."""
    schema = next(rule for rule in RULES if rule.name == "response-schema-conformance")
    root = junit(inapplicable=RULES[:2] if is_applied else (schema, *RULES[:2]), refusal="401")
    assert cases(root, "error") == ["response-schema-conformance"]
    assert cases(root, "skipped") == [rule.name for rule in RULES[:2]]
    assert [root.get(key) for key in ("skipped", "errors", "failures")] == ["2", "1", "0"]


def test_junit_has_one_suite_per_severity_and_one_case_per_rule() -> None:
    found = [failure(path="$.a"), failure(path="$.b"), failure("percentage-in-range")]
    root = junit(*found, inapplicable=RULES[:2])
    assert cases(root, "skipped") == [rule.name for rule in RULES[:2]]
    (text,) = (each.text or "" for each in root.iter("failure"))
    assert [line for line in text.splitlines() if "violation" in line] == [
        "violation response-schema-conformance at $.a: expected this, received that",
        "violation response-schema-conformance at $.b: expected this, received that",
    ]
    assert "Reproduce: curl http://a" in text
    assert {case.get("name") for case in root.iter("testcase")} == {rule.name for rule in RULES}
    assert root.get("tests") == str(len(RULES))
    assert root.get("failures") == "1"
    told = [(suite.get("name"), suite.get("failures")) for suite in root]
    assert told == [("violation", "1"), ("suspicious", "0"), ("drift", "0")]
    assert sum(int(suite.get("tests", 0)) for suite in root) == len(RULES)


@given(text=st.text(st.characters(exclude_categories=[])))
def test_junit_is_valid_xml_whatever_was_received(text: str) -> None:
    """This includes control characters and halves of surrogate pairs, which XML can't represent."""
    found = failure(path=text, received=text, again=text)
    read = fromstring(to_junit(Report(text, text, RULES, (found,))))  # noqa: S314 - ours
    assert cases(read, "failure") == ["response-schema-conformance"]


@given(text=st.text(st.characters(exclude_categories=[])))
def test_the_text_report_contains_no_control_characters(text: str) -> None:
    found = failure(path=text, expected=text, received=text, again=text)
    shown = to_text(Report(text, "1", RULES, (found,)), None).replace("\n", "")
    assert [
        each for each in shown if ord(each) < 32 or 127 <= ord(each) < 160 or each in "\u2028\u202e"
    ] == []


@given(text=st.text(st.characters(exclude_categories=[])))
def test_the_json_report_is_ascii_and_keeps_received_text(text: str) -> None:
    document = to_json(report(failure(received=text)))
    assert document.isascii()
    assert json.loads(document)["failures"][0]["received"] == text
