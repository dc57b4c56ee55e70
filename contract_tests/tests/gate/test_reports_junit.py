"""JUnit XML agrees with the exit code, has correct totals, and conforms to the schema that CI systems use."""

from xml.etree.ElementTree import Element, fromstring

import pytest
from bluejay_results.gate import gate
from bluejay_results.gate.reports import junit
from bluejay_results.gate.verdict import Verdict

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, run_of
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
    """Return a document's elements, each with its attribute names."""
    return [(each.tag, sorted(each.keys()), len(each)) for each in fromstring(document).iter()]  # noqa: S314 - ours


def conversations_of(verdict: Verdict) -> dict[str | None, str]:
    """Map the name of each conversation's test case to the tag of its result; empty if it passed."""
    cases = read(verdict).findall("*[@name='simulation 731']/testcase")
    found = [each for each in cases if "conversation " in (each.get("name") or "")]
    return {each.get("name"): "".join(child.tag for child in each[1:]) for each in found}


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_a_verdicts_junit_report_conforms_to_the_junit_schema(verdict: Verdict) -> None:
    root = read(verdict)
    assert bool({each.tag for each in root.iter()} & {"failure", "error"}) == bool(verdict.exit_code)
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
def test_the_outcome_and_the_decision_determine_a_conversations_junit_tag(
    verdict: Verdict, tags: list[str]
) -> None:
    assert list(conversations_of(verdict).values()) == tags


def test_a_failed_conversation_is_a_junit_failure_unless_all_runs_ship() -> None:
    ships, fails = run_of(*[PASSED] * 4, FAILED, id="1"), run_of(FAILED, id="2", simulation_id="733")
    assert [*conversations_of(gate([ships])).values()][-1] == "skipped"
    assert [*conversations_of(gate([ships, fails])).values()][-1] == "failure"


def test_a_conversations_junit_time_is_its_duration_in_seconds() -> None:
    times = {"start_time": "2026-11-19T16:04:00Z", "end_time": "2026-11-19T16:05:02.5Z"}
    suite = read(view_of(run_of(times, times, PASSED))).find("*[@name='simulation 731']")
    assert suite is not None
    assert suite.get("time") == "125.000"
    assert [case.get("time") for case in suite.findall("testcase")][-3:] == ["62.500", "62.500", None]


def test_a_conversations_junit_name_does_not_depend_on_its_id() -> None:
    callers = [{"digital_human_id": 57}, {"digital_human_id": 58}, {"digital_human_id": 57}, {}]
    again = builders.saved_run(*(builders.result(900 + place, **each) for place, each in enumerate(callers)))
    expected = ["caller 57, conversation 1", "caller 58, conversation 1", "caller 57, conversation 2"]
    for run in (run_of(*callers), again):
        assert [*conversations_of(view_of(run))] == [*expected, "no caller, conversation 1"]
