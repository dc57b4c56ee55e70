"""JUnit XML agrees with the exit code, adds up and fits the schema that CI systems read."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules
from bluejay_results.gate.reports import junit
from bluejay_results.gate.verdict import Verdict
from bluejay_results.writing.run_view import RunFacts

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, conversations, run_of
from .verdicts import BY_CAUSE, SHIP, UNDER_WAY, view_of

PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"
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


def shape(document: bytes) -> list[object]:
    """Return the elements of a document, each with the names of its attributes."""
    return [(each.tag, sorted(each.keys()), len(each)) for each in fromstring(document).iter()]  # noqa: S314


def cases(verdict: Verdict, suite: str) -> dict[str | None, str]:
    """The tag of each test case's result, by its name; empty if it passed."""
    found = read(verdict).iterfind(f"*[@name='{suite}']/testcase")
    return {
        case.get("name"): "".join(each.tag for each in case if each.tag != "properties") for case in found
    }


def properties(element: Element | None) -> dict[str | None, str | None]:
    assert element is not None
    return {each.get("name"): each.get("value") for each in element.findall("properties/property")}


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_junit_has_a_failure_or_error_exactly_if_the_exit_code_is_not_0(verdict: Verdict) -> None:
    found = {each.tag for each in read(verdict).iter()} & {"failure", "error"}
    assert bool(found) == bool(verdict.exit_code)


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


@pytest.mark.parametrize(
    ("verdict", "tags"),
    [
        (SHIP, [""] * 9 + ["skipped"] * 3),
        (view_of(run_of(PASSED, FAILED, UNKNOWN, VOID)), ["", "failure", "error", "error"]),
        (UNDER_WAY, ["", "error", "error"]),
    ],
    ids=["a run that ships", "a run that does not ship", "a run that is not settled"],
)
def test_the_tag_of_a_conversation_follows_from_its_outcome_and_the_decision(
    verdict: Verdict, tags: list[str]
) -> None:
    assert list(cases(verdict, "conversations").values()) == tags


def test_each_rule_and_condition_is_a_case_named_as_the_user_writes_it() -> None:
    require: Any = ["mean( politeness )>=4", 'rate("a b") >= 95.50 %']
    rules = Rules(require=require, confident=True, min_pass_rate=82.5)
    assert cases(view_of(conversations(1, 4, void=2), rules), "rules") == {
        "decision": "error",
        "min-conversations 1": "",
        "max-void 20": "error",
        "total-tests": "",
        "counters": "",
        "min-pass-rate 82.5 confident": "failure",
        "max-always-failing 0": "skipped",
        "require mean(politeness) >= 4": "error",
        'require rate("a b") >= 95.5 %': "error",
    }


def test_a_failure_names_the_missing_tools_and_the_page_of_the_run() -> None:
    tools = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    failed = read(view_of(run_of(FAILED | {"tool_calls": tools}))).find("*[@name='conversations']//failure")
    assert failed is not None
    assert "book" in (failed.get("message") or "")
    assert (failed.text or "").endswith(f"\n{PAGE}")


def test_ids_and_values_are_properties() -> None:
    root = read(view_of(conversations(1, 3)))
    of_run = {"decision": "dont_ship", "simulation-id": "731", "run-id": "48213", "report-url": PAGE}
    assert [properties(suite) for suite in root] == [of_run, of_run]
    assert properties(root.find("testsuite[@name='conversations']/testcase")) == {
        "conversation-id": "1",
        "status": "COMPLETED",
    }
    assert properties(root.find(".//testcase[@name='min-pass-rate 80']")) == {"value": "25.0 %"}


def test_a_failure_of_the_gate_has_one_case_and_what_is_known_of_the_run() -> None:
    [suite] = read(Verdict.failed(3, "404: gone", RunFacts("48213", "731", PAGE)))
    assert properties(suite) == {
        "decision": "failed",
        "simulation-id": "731",
        "run-id": "48213",
        "report-url": PAGE,
    }
    assert suite.get("errors") == suite.get("tests") == "1"


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
    results = (builders.result(900 + place, **each) for place, each in enumerate(callers))
    again = builders.saved_run(*results, id="48299", total_tests=4)
    expected = ["caller 57, conversation 1", "caller 58, conversation 1", "caller 57, conversation 2"]
    assert names(run_of(*callers)) == names(again) == [*expected, "no caller, conversation 1"]
