"""What became of a conversation."""

import datetime
from typing import Any

import pytest
from bluejay_results import Outcome, SimulationResult, SimulationRun

from .. import builders


def _result(run_status: str = "COMPLETED", **fields: Any) -> SimulationResult:
    document = builders.response(builders.result(**fields), status=run_status)
    return SimulationRun.from_bytes(builders.encoded(document)).results[0]


def _scored(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(**fields)]}


def test_a_conversation_that_reached_its_goal_passed() -> None:
    assert _result().outcome is Outcome.PASSED


def test_a_goal_not_reached_is_a_failure_with_the_judges_reason_on_one_line() -> None:
    result = _result(**_scored(goal_success=False, goal_reasoning="It hung\n up."))
    assert (result.outcome, result.reason) == (Outcome.FAILED, "goal not reached: It hung up.")


def test_a_goal_reached_without_a_required_tool_is_a_failure() -> None:
    calls = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    result = _result(tool_calls=calls)
    assert (result.outcome, result.reason) == (Outcome.FAILED, "goal reached without calling book")


def test_every_missing_tool_is_named() -> None:
    calls = [builders.tool_calls(name, actual=0) for name in ("book", "pay")]
    result = _result(tool_calls=[*calls, builders.tool_calls("find")])
    assert result.reason == "goal reached without calling book, pay"


def test_required_tools_and_none_recorded_is_void() -> None:
    result = _result(tool_calls=[builders.tool_calls(name, actual=0) for name in ("book", "pay")])
    assert (result.outcome, result.reason) == (Outcome.VOID, "no tool call recorded, expected book, pay")


@pytest.mark.parametrize("goal_success", [True, False])
def test_a_verdict_without_a_reason_says_so(goal_success: bool) -> None:
    result = _result(**_scored(goal_success=goal_success, goal_reasoning=None))
    assert result.reason.removeprefix("goal not reached: ") == "no reason given"


def test_required_tools_and_none_recorded_is_void_even_when_the_call_dropped() -> None:
    result = _result(status="CALL_DROPPED", tool_calls=[builders.tool_calls("book", actual=0)])
    assert result.outcome is Outcome.VOID


@pytest.mark.parametrize(
    "status",
    [
        "NO_CONNECTION",
        "No Answer",
        "REJECTED",
        "OUT_OF_FUNDS",
        "INSUFFICIENT_FUNDS",
        "SYSTEM_ERROR",
        "Canceled",
        "INCOMPLETED",
    ],
)
def test_a_conversation_that_was_not_measured_is_void_whatever_the_judge_says(status: str) -> None:
    assert _result(status=status).outcome is Outcome.VOID


@pytest.mark.parametrize(
    ("goal_success", "outcome"), [(True, Outcome.PASSED), (False, Outcome.FAILED), (None, Outcome.VOID)]
)
def test_a_dropped_call_goes_by_its_verdict(goal_success: bool | None, outcome: Outcome) -> None:
    assert _result(status="CALL_DROPPED", **_scored(goal_success=goal_success)).outcome is outcome


@pytest.mark.parametrize("actual", [0, 1])
@pytest.mark.parametrize(
    ("goal_success", "outcome"), [(True, Outcome.VOID), (False, Outcome.FAILED), (None, Outcome.VOID)]
)
@pytest.mark.parametrize("status", ["ERROR", "FAILED"])
def test_a_conversation_that_broke_off_failed_if_its_goal_was_not_reached_and_never_passes(
    status: str, goal_success: bool | None, outcome: Outcome, actual: int
) -> None:
    fields = _scored(goal_success=goal_success) | {"tool_calls": [builders.tool_calls(actual=actual)]}
    assert _result(status=status, **fields).outcome is outcome


@pytest.mark.parametrize(
    ("status", "who"),
    [
        ("NO_CONNECTION", "the agent's configuration"),
        ("No Answer", "the agent or its line"),
        ("CALL_DROPPED", "the agent or its line"),
        ("OUT_OF_FUNDS", "the account"),
        ("SYSTEM_ERROR", "the platform"),
        ("COMPLETED", None),
    ],
)
def test_a_bad_end_says_who_must_act(status: str, who: str | None) -> None:
    assert _result(status=status).owner == who


@pytest.mark.parametrize("status", ["EVALUATING", "CONVERSATION_ENDED", "Queued", "READY"])
def test_a_conversation_under_way_is_so_even_when_it_has_a_score(status: str) -> None:
    assert _result(status=status).outcome is Outcome.UNDER_WAY


@pytest.mark.parametrize("evaluations", [None, [], [builders.evaluation(goal_success=None)]])
def test_an_ended_conversation_without_a_verdict_is_void(evaluations: Any) -> None:
    assert _result(evaluations=evaluations).outcome is Outcome.VOID


def test_a_new_status_with_a_verdict_goes_by_the_verdict() -> None:
    assert _result(status="VOICEMAIL").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("run_status", "outcome"), [("COMPLETED", Outcome.VOID), ("RUNNING", Outcome.UNDER_WAY)]
)
@pytest.mark.parametrize("status", ["VOICEMAIL", "TRANSCRIBING", None])
def test_a_new_status_without_a_verdict_is_under_way_until_the_run_has_ended(
    status: str | None, run_status: str, outcome: Outcome
) -> None:
    assert _result(run_status, status=status, evaluations=None).outcome is outcome


def test_the_current_evaluation_is_the_one_created_last() -> None:
    evaluations = [
        builders.evaluation(id="first", created_at="2026-11-19T16:00:00Z"),
        builders.evaluation(id="last", created_at="2026-11-19T18:00:00+01:00"),
        builders.evaluation(id="between", created_at="2026-11-19T16:30:00"),
    ]
    current = _result(evaluations=evaluations).evaluation
    assert current is not None
    assert current.id == "last"


def test_among_evaluations_without_a_time_the_last_in_the_list_is_current() -> None:
    current = _result(evaluations=[builders.evaluation(id="a"), builders.evaluation(id="b")]).evaluation
    assert current is not None
    assert current.id == "b"


def test_tools_are_compared_by_name() -> None:
    calls = [
        builders.tool_calls("find", expected=1, actual=2),
        builders.tool_calls("book", expected=1, actual=0),
        builders.tool_calls("greet", expected=0, actual=1),
    ]
    result = _result(tool_calls=calls)
    assert result.expected_tools == ("find", "book")
    assert result.actual_tools == ("find", "greet")
    assert result.matched_tools == ("find",)
    assert result.missing_tools == ("book",)


def test_a_latency_of_0_is_no_measurement() -> None:
    latency = {"avg_agent_latency": 0, "p50_agent_latency": 700, "p95_agent_latency": None}
    summary = _result(**_scored(latency=latency, avg_agent_latency=0)).latency
    assert (summary.average, summary.p50, summary.p95, summary.p99) == (None, 700, None, None)


def test_the_mean_latency_of_the_evaluation_stands_in_for_a_missing_one() -> None:
    assert _result(**_scored(avg_agent_latency=812.5)).latency.average == 812.5


def test_latency_without_filler_words_is_summed_up_alike() -> None:
    filler = {"avg_filler_ignored_latency": 640, "p99_filler_ignored_latency": 0}
    summary = _result(**_scored(filler_ignored_latency=filler)).filler_ignored_latency
    assert (summary.average, summary.p99, summary.maximum) == (640, None, None)


def test_the_duration_is_the_end_less_the_start() -> None:
    result = _result(start_time="2026-11-19T16:04:10Z", end_time="2026-11-19T17:05:44+01:00", duration=94)
    assert result.duration == datetime.timedelta(seconds=94)


def test_a_conversation_may_take_no_time() -> None:
    at = "2026-11-19T16:04:10Z"
    assert _result(start_time=at, end_time=at).duration == datetime.timedelta(0)


@pytest.mark.parametrize("end", [None, "2026-11-19T16:04:09Z"])
def test_there_is_no_duration_when_an_end_is_missing_or_before_the_start(end: str | None) -> None:
    assert _result(start_time="2026-11-19T16:04:10Z", end_time=end, duration=94).duration is None


@pytest.mark.parametrize(
    ("fields", "connected"),
    [
        ({"status": "NO_ANSWER", "start_time": "2026-11-19T16:04:10Z"}, False),
        ({"status": "REJECTED"}, False),
        ({"status": "INSUFFICIENT_FUNDS"}, False),
        ({"status": "CALL_DROPPED", "start_time": "2026-11-19T16:04:10Z", "evaluations": None}, True),
        ({"status": "COMPLETED"}, True),
        ({"status": "SYSTEM_ERROR", "evaluations": None}, None),
    ],
)
def test_whether_it_connected_is_told_by_its_status_its_start_or_its_scores(
    fields: dict[str, Any], connected: bool | None
) -> None:
    assert _result(**fields).connected is connected


def test_its_exact_bytes_stay_reachable() -> None:
    body = b'{"simulation_run":%s,"simulation_results":[{"id": 1},  {"id":2.0 , "new":"\\u00e9"}]}'
    run = SimulationRun.from_bytes(body % builders.encoded(builders.run()))
    assert run.results[1].raw == b'{"id":2.0 , "new":"\\u00e9"}'


def test_a_field_that_the_contract_does_not_know_stays_reachable() -> None:
    result = _result(trace_ids=["t1"], result={"anything": 1}, **_scored(human_edited=True))
    assert result.unknown_fields == {"$.trace_ids": ["t1"], "$.evaluations[0].human_edited": True}
