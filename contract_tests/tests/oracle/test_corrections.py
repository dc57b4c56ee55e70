"""A reviewer's answers replace the judge's. The expected results come only from the definitions."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.gate import Rules, gate

from .. import builders

Document = builders.Document


def reviewed(judge: object, reviewer: object, name: str = "goal_success") -> Document:
    """The fields of a conversation with these answers by the judge and the reviewer."""
    return {"evaluations": [builders.evaluation(**{name: judge, f"human_{name}": reviewer})]}


def scored(judge: str, reviewer: str | None) -> Document:
    """The fields of a conversation with a metric that the judge and the reviewer scored."""
    metric = {"name": "task score", "description": "", "response_type": "quantitative"}
    answers = {"response_value": judge, "human_response_value": reviewer}
    return {"evaluations": [builders.evaluation(custom_metrics=[metric | answers])]}


def run_of(*conversations: Document, on_violation: Any = "raise", **fields: Any) -> SimulationRun:
    """A saved run in which each conversation has a different caller."""
    results = [builders.result(id_, digital_human_id=id_, **each) for id_, each in enumerate(conversations)]
    document = builders.response(*results, total_tests=len(results), **fields)
    return SimulationRun.from_bytes(builders.encoded(document), on_violation=on_violation)


def outcome(conversation: Document, **options: Any) -> str:
    return str(run_of(conversation, **options).results[0].outcome)


def finding(rule: str, *conversations: Document) -> tuple[str, float | None]:
    """The verdict of a rule about a figure, and the figure."""
    require: Any = [rule]
    found = gate(run_of(*conversations), Rules(require=require)).runs[0].findings[-1]
    return str(found.verdict), found.lowest


PASSED = reviewed(judge=True, reviewer=None)
FORGIVEN, OVERRULED = reviewed(judge=False, reviewer=True), reviewed(judge=True, reviewer=False)
DROPPED: Document = {"status": "CALL_DROPPED"}
NOT_CALLED = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
NO_CALLS = [builders.tool_calls("book", actual=0)]


@pytest.mark.parametrize(
    ("corrected", "decision"), [(FORGIVEN, "ship"), (OVERRULED, "don't ship")], ids=["failures", "passes"]
)
@pytest.mark.parametrize("tests_passed", [10, 20, None])
def test_corrected_goals_decide_whether_to_ship_whichever_answers_the_counters_count(
    corrected: Document, decision: str, tests_passed: int | None
) -> None:
    run = run_of(*[PASSED] * 10, *[corrected] * 10, tests_passed=tests_passed)
    assert gate(run, Rules()).decision == decision


@pytest.mark.parametrize(
    ("conversations", "lowest"),
    [
        ([PASSED, PASSED, FORGIVEN, FORGIVEN, reviewed(judge=False, reviewer=None)], 2),
        ([PASSED, PASSED, OVERRULED, OVERRULED, reviewed(judge=False, reviewer=None)], 2),
        ([PASSED, PASSED, DROPPED, reviewed(judge=False, reviewer=False)], 2),
        ([PASSED, OVERRULED | DROPPED, FORGIVEN | DROPPED, {"status": "CUSTOM_ERROR"}], 1),
        ([PASSED, FORGIVEN | {"tool_calls": NOT_CALLED}, {"status": "SYSTEM_ERROR"}], 1),
        ([PASSED, reviewed(judge=None, reviewer=True), reviewed(judge=None, reviewer=False)], 1),
    ],
    ids=["failures", "passes", "dropped", "corrected and dropped", "tool not called", "no judge"],
)
def test_tests_passed_is_at_least_what_passed_by_the_judges_and_the_reviewers_answers(
    conversations: list[Document], lowest: int
) -> None:
    counts = range(len(conversations) + 1)
    runs = [run_of(*conversations, tests_passed=count) for count in counts]
    unmet = [[each.name for each in gate(run, Rules(max_void=100)).runs[0].unmet] for run in runs]
    assert [count for count in counts if "counters" not in unmet[count]] == [*counts[lowest:]]


@pytest.mark.parametrize("name", ["hallucination", "redundancy"])
def test_the_rate_of_a_flag_includes_corrections_in_both_directions(name: str) -> None:
    cleared, found = reviewed(True, False, name), reviewed(False, True, name)
    kept, agreed = reviewed(False, None, name), reviewed(True, True, name)
    assert finding(f"rate({name}) <= 20 %", *[cleared] * 10, *[kept] * 8, agreed, agreed) == ("kept", 10)
    assert finding(f"rate({name}) <= 20 %", *[found] * 10, *[kept] * 8, agreed, agreed) == ("broken", 60)


def test_the_mean_of_a_metric_includes_corrections() -> None:
    five = [scored("5", None)] * 5
    assert finding('mean("task score") >= 4', *five, *[scored("1", "4")] * 5) == ("kept", 4.5)
    assert finding('mean("task score") >= 4', *five, *[scored("5", "1")] * 5) == ("broken", 3)


def test_a_metric_corrected_to_not_applicable_is_left_out_of_the_figure() -> None:
    corrected = [scored("1", "Not applicable")] * 6
    assert finding('min("task score") >= 4', *[scored("4", None)] * 4, *corrected) == ("kept", 4)


@pytest.mark.parametrize(
    ("judge", "reviewer", "expected"),
    [("four", "4", ("kept", 4)), ("4", "four", ("inconclusive", None)), ("4", "", ("inconclusive", None))],
)
def test_only_the_effective_answer_to_a_metric_has_to_be_readable(
    judge: str, reviewer: str, expected: tuple[str, float | None]
) -> None:
    assert finding('min("task score") >= 4', scored("5", None), scored(judge, reviewer)) == expected


@pytest.mark.parametrize("judge", [True, False, None])
@pytest.mark.parametrize(("calls", "expected"), [(NOT_CALLED, "failed"), (NO_CALLS, "unknown")])
def test_a_correction_never_replaces_a_tool_call(
    judge: bool | None, calls: list[Document], expected: str
) -> None:
    assert outcome(reviewed(judge, reviewer=True) | {"tool_calls": calls}) == expected


@pytest.mark.parametrize(("reviewer", "expected"), [(True, "passed"), (False, "failed"), (None, "unknown")])
def test_a_reviewer_can_answer_what_the_judge_did_not(reviewer: bool | None, expected: str) -> None:
    assert outcome(reviewed(None, reviewer)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((True, None), (False, True), "passed"),
        ((False, None), (True, False), "failed"),
        ((None, True), (False, True), "passed"),
        ((True, None), (True, False), "unknown"),
        ((False, True), (False, None), "unknown"),
    ],
)
def test_evaluations_that_might_be_the_latest_are_compared_by_their_effective_answers(
    first: tuple[bool | None, bool | None], second: tuple[bool | None, bool | None], expected: str
) -> None:
    both = [reviewed(*each)["evaluations"][0] for each in (first, second)]
    assert outcome({"evaluations": both}) == expected


def test_correcting_an_earlier_evaluation_does_not_change_the_outcome() -> None:
    earlier, last = FORGIVEN["evaluations"][0], reviewed(judge=False, reviewer=None)["evaluations"][0]
    times = [{"created_at": f"2026-11-20T10:0{minute}:00Z"} for minute in (1, 2)]
    assert outcome({"evaluations": [earlier | times[0], last | times[1]]}) == "failed"


def test_correcting_the_pronunciation_score_does_not_change_the_outcome() -> None:
    assert outcome({"evaluations": [builders.evaluation(human_pronunciation_score=0)]}) == "passed"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(PASSED, OVERRULED, "worse"), (FORGIVEN, OVERRULED, "worse"), (PASSED, FORGIVEN, "can't tell")],
)
def test_a_comparison_uses_corrected_outcomes(before: Document, now: Document, expected: str) -> None:
    first, second = run_of(*[before] * 20, id="1"), run_of(*[now] * 20, id="2")
    assert compare(first, second).change == expected


@pytest.mark.parametrize(
    ("evaluation", "expected"),
    [
        ({"goal_success": True, "human_goal_success": "no"}, "unknown"),
        ({"goal_success": False, "human_goal_success": 1}, "unknown"),
        ({"goal_success": "yes", "human_goal_success": True}, "passed"),
        ({"goal_success": "yes", "human_goal_success": False}, "failed"),
        ({"goal_success": "yes", "human_goal_success": None}, "unknown"),
    ],
)
def test_an_invalid_goal_makes_the_outcome_unknown_only_if_that_goal_decides(
    evaluation: Document, expected: str
) -> None:
    evaluations = [builders.evaluation(**evaluation)]
    assert outcome({"evaluations": evaluations}, on_violation="collect") == expected


@pytest.mark.parametrize("status", ["CUSTOM_ERROR", "Custom Error", "custom-error"])
@pytest.mark.parametrize("goal", [PASSED, FORGIVEN, OVERRULED, {"evaluations": None}])
def test_a_custom_error_is_unknown_whatever_the_judge_and_the_reviewer_answer(
    status: str, goal: Document
) -> None:
    assert outcome(goal | {"status": status}) == "unknown"
