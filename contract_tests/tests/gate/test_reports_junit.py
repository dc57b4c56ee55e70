"""JUnit XML agrees with the exit code, adds up and fits the schema that CI systems read."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules
from bluejay_results.gate.reports import junit
from bluejay_results.gate.verdict import Verdict
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, conversations, run_of
from .verdicts import BY_CAUSE, SHIP, UNDER_WAY, saying, texts, view_of

# For each element of Jenkins' schema, jenkins-junit.xsd: the required attributes, the other attributes, and
# the children.
SCHEMA: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests"},
        {"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "properties"},  # properties: only pytest writes them
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "system-out": (set(), set(), set()),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"message"}, set()),
}


def read(verdict: Verdict) -> Element:
    return fromstring(junit(verdict))  # noqa: S314 - ours


def cases(verdict: Verdict, suite: str) -> dict[str | None, str]:
    """The tag of each test case's result, by its name; empty if it passed."""
    found = read(verdict).iterfind(f"*[@name='{suite}']/testcase")
    return {
        case.get("name"): "".join(each.tag for each in case if each.tag != "properties") for case in found
    }


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_junit_has_a_failure_or_error_exactly_if_the_exit_code_is_not_0(verdict: Verdict) -> None:
    root = read(verdict)
    found = {each.tag for each in root.iter()} & {"failure", "error"}
    assert bool(found) == bool(verdict.exit_code)
    assert int(root.get("failures", 0)) + int(root.get("errors", 0)) >= len(found)


def test_the_verdicts_cover_every_exit_code() -> None:
    assert {each.exit_code for each in BY_CAUSE} == {0, 1, 4, 5, 6}


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_junit_fits_the_schema_and_its_totals_add_up(verdict: Verdict) -> None:
    root = read(verdict)
    for each in root.iter():
        required, allowed, children = SCHEMA[each.tag]
        assert required <= set(each.keys()) <= required | allowed
        assert {child.tag for child in each} <= children
    for suite in root:
        counted = [
            sum(case.find(tag) is not None for case in suite) for tag in ("failure", "error", "skipped")
        ]
        listed = suite.findall("testcase")
        assert int(suite.get("tests", -1)) == len(listed)
        assert [int(suite.get(name, -1)) for name in ("failures", "errors", "skipped")] == counted
        assert len({case.get("name") for case in listed}) == len(listed)
    for name in ("tests", "failures", "errors"):
        assert int(root.get(name, -1)) == sum(int(suite.get(name, -1)) for suite in root)


def test_failed_conversations_of_a_run_that_ships_are_skipped_cases_with_a_reason() -> None:
    said = cases(SHIP, "conversations")
    assert list(said.values()) == [""] * 9 + ["skipped"] * 3
    messages = [each.get("message") for each in read(SHIP).findall("*[@name='conversations']//skipped")]
    assert messages == [
        "goal not reached",
        "status NO_ANSWER",
        "status SYSTEM_ERROR",
    ]


def test_if_the_run_does_not_ship_a_failed_conversation_is_a_failure_and_others_are_errors() -> None:
    said = cases(view_of(run_of(PASSED, FAILED, UNKNOWN, VOID)), "conversations")
    assert [*said.values()] == ["", "failure", "error", "error"]


def test_a_conversation_under_way_is_an_error() -> None:
    assert list(cases(UNDER_WAY, "conversations").values()) == ["", "error", "error"]


def rules(*require: str) -> Rules:
    given: Any = require
    return Rules(require=given)


def test_each_verdict_of_a_rule_or_condition_has_its_junit_tag() -> None:
    said = cases(view_of(conversations(1, 4, void=2), rules("mean(politeness) >= 4")), "rules")
    assert said == {
        "decision": "error",
        "min-conversations 1": "",
        "max-void 20": "error",
        "total-tests": "",
        "counters": "",
        "min-pass-rate 80": "failure",
        "max-always-failing 0": "skipped",
        "require mean(politeness) >= 4": "error",
    }


def test_a_failure_names_the_missing_tools_and_the_page_of_the_run() -> None:
    tools = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    failed = read(view_of(run_of(FAILED | {"tool_calls": tools}))).find("*[@name='conversations']//failure")
    assert failed is not None
    assert failed.get("message") == "goal not reached; tools not called: book"
    assert (failed.text or "").endswith("\nhttps://app.getbluejay.ai/simulations/731/runs/48213")


def test_a_broken_rule_says_its_value() -> None:
    broken = read(view_of(conversations(1, 3))).find("*/*[@name='min-pass-rate 80']/failure")
    assert broken is not None
    assert broken.get("message") == "min-pass-rate 80: 25.0 %"


def test_an_inconclusive_rule_says_why() -> None:
    unsure = read(view_of(conversations(1), rules("mean(tone) >= 4"))).find(
        "*/*[@name='require mean(tone) >= 4']/error"
    )
    assert unsure is not None
    assert unsure.get("message") == "no conversation has a metric"


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_the_decision_is_a_property_of_both_suites(verdict: Verdict) -> None:
    found = read(verdict).findall("*/properties/property[@name='decision']")
    assert [each.get("value") for each in found] == [verdict.decision.name.lower()] * 2


def test_the_case_of_the_decision_says_what_a_run_that_is_not_settled_lacks() -> None:
    error = read(UNDER_WAY).find("*/*[@name='decision']/error")
    assert error is not None
    assert error.get("message") == (
        "inconclusive: not settled: status RUNNING, 1 of 3 conversations under way, 2 missing"
    )


def test_times_are_the_seconds_of_the_conversations_and_their_sum() -> None:
    times = {"start_time": "2026-11-19T16:04:00Z", "end_time": "2026-11-19T16:05:02.5Z"}
    suite = read(view_of(run_of(times, times, PASSED))).find("*[@name='conversations']")
    assert suite is not None
    assert suite.get("time") == "125.000"
    assert [case.get("time") for case in suite.findall("testcase")] == ["62.500", "62.500", None]


def names(run: SimulationRun) -> list[str | None]:
    return list(cases(view_of(run), "conversations"))


def test_the_names_of_conversations_do_not_depend_on_their_ids() -> None:
    callers = [{"digital_human_id": 57}, {"digital_human_id": 58}, {"digital_human_id": 57}, {}]
    first = run_of(*callers)
    results = (builders.result(900 + place, **each) for place, each in enumerate(callers))
    again = builders.saved_run(*results, id="48299", total_tests=4)
    expected = ["caller 57, conversation 1", "caller 58, conversation 1", "caller 57, conversation 2"]
    assert names(first) == [*expected, "no caller, conversation 1"]
    assert names(again) == names(first)


def test_ids_and_values_are_properties() -> None:
    root = read(view_of(conversations(1)))
    for name, path in (
        ("run-id", "testsuite[@name='conversations']/properties"),
        ("conversation-id", "testsuite[@name='conversations']/testcase/properties"),
        ("value", ".//testcase[@name='min-pass-rate 80']/properties"),
    ):
        assert root.find(f"{path}/property[@name='{name}']") is not None, name


def shape(element: Element) -> list[object]:
    return [element.tag, sorted(element.keys()), *(shape(each) for each in element)]


@given(text=texts, rule=st.text(st.characters(), min_size=1, max_size=9).filter(str.strip))
def test_no_text_changes_the_structure_of_junit(text: str, rule: str) -> None:
    """The name of a rule comes from the command line, which may contain half of a surrogate pair."""
    assert shape(read(saying(text, f"{rule}\udcff"))) == shape(read(saying("word", "other")))
