"""The outcome of a conversation, by the ten lines of docs/definitions.md."""

import datetime
from typing import Any

import pytest
from bluejay_results import Outcome, SimulationResult, SimulationRun
from bluejay_results.client.reading import seen_in
from bluejay_results.recording.exchange import Exchange
from bluejay_results.recording.recording import FirstSeen, Settings
from bluejay_results.results.outcome import Why
from bluejay_results.results.page import Parts, read_page

from .. import builders
from ..runs import run_of

END = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)


def _result(run_status: str | None = "COMPLETED", **fields: Any) -> SimulationResult:
    return run_of(builders.result(**fields), status=run_status).results[0]


def _scored(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(**fields)]}


def _waited(seconds: float, result: builders.Document, **run: Any) -> SimulationRun:
    """A run that `wait` read twice: at END and some seconds later."""
    body = builders.encoded(builders.response(result, **run))
    pages = [
        read_page(Exchange(body=body, moment=each, started_at=END + datetime.timedelta(seconds=each)), 1)
        for each in (0, seconds)
    ]
    settings = Settings(is_wait=True, tool_call_grace=180)
    return SimulationRun(Parts((pages[1],), settings=settings, seen=seen_in(pages, FirstSeen())))


BOOK, PAY = (builders.tool_calls(name, actual=0) for name in ("book", "pay"))
FIND = builders.tool_calls("find")
MISSED = _scored(goal_success=False)
UNSCORED: dict[str, Any] = {"evaluations": []}
NO_VERDICT = _scored(goal_success=None)


@pytest.mark.parametrize("fields", [{}, MISSED, UNSCORED], ids=["reached", "missed", "no verdict"])
@pytest.mark.parametrize("status", ["OUT_OF_FUNDS", "insufficient funds", "System Error", "Canceled"])
def test_a_conversation_that_others_stopped_is_void_whatever_its_verdict(
    status: str, fields: dict[str, Any]
) -> None:
    result = _result(status=status, **fields)
    assert result.outcome is Outcome.VOID
    assert str(result.reason) == f"status {status}"


@pytest.mark.parametrize("fields", [{}, UNSCORED], ids=["reached", "no verdict"])
@pytest.mark.parametrize("status", ["NO_CONNECTION", "No Answer", "REJECTED", "Incompleted"])
def test_a_conversation_that_did_not_take_place_is_unknown_whatever_its_verdict(
    status: str, fields: dict[str, Any]
) -> None:
    result = _result(status=status, **fields)
    assert result.outcome is Outcome.UNKNOWN
    assert str(result.reason) == f"status {status}"


@pytest.mark.parametrize("status", ["EVALUATING", "Queued", "conversation ended"])
def test_a_status_under_way_outweighs_a_verdict(status: str) -> None:
    result = _result(status=status)
    assert result.outcome is Outcome.UNDER_WAY
    assert str(result.reason) == f"status {status}, still taking place or being scored"


@pytest.mark.parametrize(
    ("run_status", "outcome"),
    [
        ("RUNNING", Outcome.UNDER_WAY),
        ("COMPLETED", Outcome.UNDER_WAY),
        ("INCOMPLETED", Outcome.UNKNOWN),
        ("INSUFFICIENT_FUNDS", Outcome.UNKNOWN),
    ],
)
def test_a_conversation_under_way_is_unknown_once_its_run_has_ended_early(
    run_status: str, outcome: Outcome
) -> None:
    assert _result(run_status, status="QUEUED").outcome is outcome


@pytest.mark.parametrize(("seconds", "outcome"), [(179, Outcome.UNDER_WAY), (180, Outcome.UNKNOWN)])
def test_a_conversation_cut_short_is_unknown_after_the_grace_of_its_run(
    seconds: float, outcome: Outcome
) -> None:
    result = _waited(seconds, builders.result(status="QUEUED"), status="INCOMPLETED").results[0]
    assert result.outcome is outcome
    assert (str(result.reason) == "still QUEUED when the run ended") == (outcome is Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("run_status", "fields", "outcome"),
    [
        ("RUNNING", UNSCORED, Outcome.UNDER_WAY),
        ("RUNNING", NO_VERDICT, Outcome.UNDER_WAY),
        ("RUNNING", {}, Outcome.PASSED),
        ("COMPLETED", UNSCORED, Outcome.UNKNOWN),
        ("INCOMPLETED", UNSCORED, Outcome.UNKNOWN),
        ("COMPLETED", {}, Outcome.PASSED),
        (None, UNSCORED, Outcome.UNDER_WAY),
    ],
)
@pytest.mark.parametrize("status", ["VOICEMAIL", None])
def test_a_null_or_new_status_without_a_verdict_is_under_way_until_the_run_ends(
    status: str | None, run_status: str | None, fields: dict[str, Any], outcome: Outcome
) -> None:
    assert _result(run_status, status=status, **fields).outcome is outcome


@pytest.mark.parametrize(("seconds", "is_over"), [(179, False), (180, True)])
@pytest.mark.parametrize(
    ("fields", "why", "later"),
    [
        (UNSCORED, Why.VERDICT_AWAITED, Outcome.UNKNOWN),
        (NO_VERDICT, Why.VERDICT_AWAITED, Outcome.UNKNOWN),
        ({"tool_calls": [BOOK]}, Why.CALLS_AWAITED, Outcome.UNKNOWN),
        ({"tool_calls": [BOOK, FIND]}, Why.CALLS_AWAITED, Outcome.FAILED),
        (MISSED | {"tool_calls": [BOOK, FIND]}, Why.CALLS_AWAITED, Outcome.FAILED),
    ],
)
def test_a_verdict_or_a_call_may_arrive_during_the_grace(
    fields: dict[str, Any], why: Why, later: Outcome, seconds: float, is_over: bool
) -> None:
    result = _waited(seconds, builders.result(**fields, end_time=END.isoformat())).results[0]
    assert result.outcome is (later if is_over else Outcome.UNDER_WAY)
    assert (result.reason.why is why) == (not is_over)


def test_a_conversation_that_lacks_nothing_needs_no_grace() -> None:
    found = [
        _waited(1, builders.result(**fields, end_time=END.isoformat())).results[0].outcome
        for fields in ({"tool_calls": [FIND]}, MISSED, _disagreeing(None, None))
    ]
    assert found == [Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN]


@pytest.mark.parametrize(("status", "seconds"), [(None, 179), ("VOICEMAIL", 179), (None, 180)])
def test_a_conversation_that_never_ended_has_the_grace_of_its_run(status: str | None, seconds: float) -> None:
    end = END - datetime.timedelta(hours=1)
    result = _waited(seconds, builders.result(status=status, **UNSCORED, end_time=end.isoformat())).results[0]
    assert result.outcome is (Outcome.UNDER_WAY if seconds < 180 else Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "outcome", "reason"),
    [
        (UNSCORED, "unknown", "status COMPLETED, without a verdict"),
        ({"evaluations": None}, "unknown", "status COMPLETED, without a verdict"),
        (NO_VERDICT | {"tool_calls": [BOOK]}, "unknown", "status COMPLETED, without a verdict"),
        ({"tool_calls": [BOOK, PAY]}, "unknown", "no tool call recorded, expected book, pay"),
        (MISSED | {"tool_calls": [BOOK]}, "unknown", "no tool call recorded, expected book"),
        (MISSED | {"tool_calls": [BOOK, FIND]}, "failed", "goal not reached; tools not called: book"),
        (MISSED, "failed", "goal not reached"),
        (
            _scored(goal_success=False, goal_reasoning="It hung\n up."),
            "failed",
            "It hung up.",
        ),
        (MISSED | {"status": "ERROR"}, "failed", "goal not reached"),
        ({"status": "ERROR"}, "unknown", "status ERROR, although the goal was reached"),
        (
            {"status": "Failed", "tool_calls": [BOOK, FIND]},
            "unknown",
            "status Failed, although the goal was reached",
        ),
        ({"tool_calls": [BOOK, PAY, FIND]}, "failed", "goal reached without calling book, pay"),
        ({"tool_calls": [builders.tool_calls(expected=2, actual=1)]}, "passed", "goal reached"),
        ({}, "passed", "goal reached"),
        (_scored(goal_reasoning="All\nasked."), "passed", "All asked."),
        ({"status": "CALL_DROPPED"}, "passed", "goal reached"),
        ({"status": "Call Dropped"} | MISSED, "failed", "goal not reached"),
        ({"status": "CALL_DROPPED"} | UNSCORED, "unknown", "status CALL_DROPPED, without a verdict"),
    ],
)
def test_the_verdict_and_the_tool_calls_decide_the_outcome_of_other_conversations(
    fields: dict[str, Any], outcome: str, reason: str
) -> None:
    result = _result(**fields)
    assert result.outcome == Outcome(outcome)
    assert str(result.reason) == reason


def _disagreeing(*times: str | None, last: bool | None = False) -> dict[str, Any]:
    """Evaluations created at these times; the last of them says something else about the goal."""
    goals = [*[True] * (len(times) - 1), last]
    return {
        "evaluations": [
            builders.evaluation(goal_success=goal) | ({"created_at": time} if time else {})
            for goal, time in zip(goals, times, strict=True)
        ]
    }


EARLY, LATE = "2026-11-19T16:00:00Z", "2026-11-19T17:00:00+00:30"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (_disagreeing(EARLY, LATE), Why.GOAL_MISSED),
        (_disagreeing(LATE, EARLY), Why.GOAL_REACHED),
        (_disagreeing(EARLY, "2026-11-19T17:00:00+01:00"), Why.VERDICTS_DISAGREE),
        (_disagreeing(EARLY, None), Why.VERDICTS_DISAGREE),
        (_disagreeing(EARLY, EARLY, last=None), Why.VERDICTS_DISAGREE),
        (_disagreeing(EARLY, EARLY, last=True), Why.GOAL_REACHED),
        (_disagreeing(EARLY, EARLY, LATE), Why.GOAL_MISSED),
        (_disagreeing(EARLY, LATE, last=None), Why.NO_VERDICT),
    ],
)
def test_the_evaluation_created_last_counts_and_if_none_is_the_last_they_must_agree(
    fields: dict[str, Any], why: Why
) -> None:
    result = _result(**fields)
    assert result.reason.why is why
    assert result.goal_success is {Why.GOAL_REACHED: True, Why.GOAL_MISSED: False}.get(why)


def test_evaluations_that_disagree_end_a_conversation_with_a_null_status() -> None:
    run = run_of(builders.result(status=None, **_disagreeing(None, None)), status=None, total_tests=1)
    assert run.results[0].outcome is Outcome.UNKNOWN
    assert run.is_settled


def _in_two_pages(first: dict[str, Any], second: dict[str, Any]) -> SimulationResult:
    bodies = [builders.encoded(builders.response(builders.result(**each))) for each in (first, second)]
    [result] = SimulationRun.from_bytes(bodies).results
    return result


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ({"tool_calls": [BOOK]}, {"tool_calls": [builders.tool_calls(expected=0)]}, Outcome.PASSED),
        ({"tool_calls": [BOOK, FIND]}, {"tool_calls": None}, Outcome.FAILED),
        ({}, UNSCORED, Outcome.PASSED),
        (_scored(id="1"), _scored(id="1", goal_success=False), Outcome.FAILED),
        (_scored(id="1"), _scored(id="2", goal_success=False), Outcome.UNKNOWN),
        (_scored(created_at=EARLY), _scored(created_at=EARLY, goal_success=False), Outcome.UNKNOWN),
        ({"status": "RUNNING"}, {}, Outcome.PASSED),
        ({}, {"status": "RUNNING"}, Outcome.UNDER_WAY),
    ],
)
def test_a_conversation_has_the_evaluations_and_calls_of_all_its_records_and_the_last_status(
    first: dict[str, Any], second: dict[str, Any], outcome: Outcome
) -> None:
    assert _in_two_pages(first, second).outcome is outcome


@pytest.mark.parametrize(
    ("fields", "outcome", "path"),
    [
        ({"status": 5}, "unknown", "$.status"),
        ({"evaluations": 5}, "unknown", "$.evaluations"),
        (_scored(goal_success=5), "unknown", "$.evaluations[0].goal_success"),
        ({"tool_calls": [BOOK, FIND | {"name": 5}]}, "unknown", "$.tool_calls[1].name"),
        (_scored(created_at="today"), "passed", None),
        (
            {"evaluations": [builders.evaluation(), builders.evaluation(created_at="today")]},
            "unknown",
            "$.evaluations[1].created_at",
        ),
        (_scored(hallucination=5) | {"duration": "long", "tool_calls": [FIND]}, "passed", None),
        ({"status": "SYSTEM_ERROR", "evaluations": 5}, "void", None),
    ],
)
def test_a_field_that_decides_the_outcome_and_breaks_the_contract_makes_it_unknown(
    fields: dict[str, Any], outcome: str, path: str | None
) -> None:
    result = builders.saved_run(builders.result(**fields)).results[0]
    assert result.violations
    assert result.outcome == Outcome(outcome)
    assert path is None or str(result.reason).endswith(f" at {path}")


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        (MISSED, "the agent"),
        ({"tool_calls": [BOOK, FIND]}, "the agent"),
        (MISSED | {"status": "CALL_DROPPED"}, "the agent or its line"),
        ({"status": "CALL_DROPPED"}, None),
        ({"status": "CALL_DROPPED"} | UNSCORED, None),
        ({"status": "No Answer"}, "the agent or its line"),
        ({"status": "REJECTED"}, "the agent or its line"),
        ({"status": "NO_CONNECTION"}, "the agent's configuration"),
        ({"status": "OUT_OF_FUNDS"}, "the account"),
        ({"status": "INSUFFICIENT_FUNDS"}, "the account"),
        ({"status": "SYSTEM_ERROR"}, "the platform"),
        ({"status": "CANCELLED"}, "whoever cancelled it"),
        *(({"status": each}, None) for each in ("INCOMPLETED", "ERROR", "RUNNING", "COMPLETED")),
        (UNSCORED, None),
        ({}, None),
    ],
)
def test_the_owner_is_who_has_to_act(fields: dict[str, Any], who: str | None) -> None:
    assert _result(**fields).owner == who


@pytest.mark.parametrize(
    ("times", "current"),
    [(["2026-11-19T16:00:00Z", "2026-11-19T18:00:00+01:00", "2026-11-19T16:30:00"], 1), ([None, None], 1)],
)
def test_the_current_evaluation_is_the_one_created_last_or_listed_last(
    times: list[str | None], current: int
) -> None:
    """A time without a zone is UTC."""
    evaluations = [
        builders.evaluation(id=str(number)) | ({"created_at": time} if time else {})
        for number, time in enumerate(times)
    ]
    evaluation = _result(evaluations=evaluations).evaluation
    assert evaluation is not None
    assert evaluation.id == str(current)


def test_tools_are_compared_by_name() -> None:
    calls = [
        builders.tool_calls("find", expected=1, actual=2),
        builders.tool_calls("book", expected=1, actual=0),
        builders.tool_calls("greet", expected=0, actual=1),
    ]
    result = _result(tool_calls=calls)
    assert result.expected_tools == ("find", "book")
    assert result.actual_tools == ("find", "greet")
    assert result.missing_tools == ("book",)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-19T16:04:10Z", "2026-11-19T17:05:44+01:00", 94),
        ("2026-11-19T16:04:10Z", "2026-11-19T16:04:10Z", 0),
        ("2026-11-19T16:04:10Z", None, None),
        ("2026-11-19T16:04:10Z", "2026-11-19T16:04:09Z", None),
    ],
)
def test_the_duration_is_the_end_minus_the_start_if_not_negative(
    start: str, end: str | None, seconds: int | None
) -> None:
    """The field `duration` isn't used: it may be in seconds or in milliseconds."""
    duration = _result(start_time=start, end_time=end, duration=7).duration
    assert duration == (None if seconds is None else datetime.timedelta(seconds=seconds))
