"""The outcome of a conversation, and the latencies of its agent."""

import datetime
from typing import Any

import attrs
import pytest
from bluejay_results import LatencySummary, LatencyUnit, Outcome, SimulationResult, SimulationRun

from .. import builders
from ..runs import run_of


def _result(run_status: str = "COMPLETED", **fields: Any) -> SimulationResult:
    return run_of(builders.result(**fields), status=run_status).results[0]


def _scored(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(**fields)]}


BOOK, PAY = (builders.tool_calls(name, actual=0) for name in ("book", "pay"))
FIND = builders.tool_calls("find")
DROPPED = {"status": "CALL_DROPPED"}


@pytest.mark.parametrize(
    ("fields", "outcome", "reason"),
    [
        ({}, "passed", "no reason given"),
        (_scored(goal_success=False), "failed", "goal not reached: no reason given"),
        (
            _scored(goal_success=False, goal_reasoning="It hung\n up."),
            "failed",
            "goal not reached: It hung up.",
        ),
        ({"tool_calls": [BOOK, PAY, FIND]}, "failed", "goal reached without calling book, pay"),
        ({"tool_calls": [BOOK, PAY]}, "void", "no tool call recorded, expected book, pay"),
        (DROPPED, "passed", "no reason given"),
        (DROPPED | _scored(goal_success=False), "failed", "goal not reached: no reason given"),
        (DROPPED | _scored(goal_success=None), "void", "status CALL_DROPPED, without a goal verdict"),
        ({"evaluations": []}, "void", "status COMPLETED, without a goal verdict"),
        ({"status": None, "evaluations": None}, "void", "status null, without a goal verdict"),
        ({"status": "VOICEMAIL"}, "passed", "no reason given"),
    ],
)
def test_goal_and_tool_calls_decide_the_outcome_of_a_measured_conversation(
    fields: dict[str, Any], outcome: str, reason: str
) -> None:
    result = _result(**fields)
    assert result.outcome == Outcome(outcome)
    assert result.reason == reason


@pytest.mark.parametrize(
    "status",
    [
        *("NO_CONNECTION", "No Answer", "REJECTED", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS"),
        *("SYSTEM_ERROR", "Canceled", "INCOMPLETED"),
    ],
)
def test_a_conversation_that_was_not_measured_is_void_despite_a_goal_verdict(status: str) -> None:
    assert _result(status=status).outcome is Outcome.VOID


@pytest.mark.parametrize("actual", [0, 1])
@pytest.mark.parametrize(
    ("goal_success", "outcome"), [(True, Outcome.VOID), (False, Outcome.FAILED), (None, Outcome.VOID)]
)
@pytest.mark.parametrize("status", ["ERROR", "FAILED"])
def test_a_conversation_with_status_error_never_passes(
    status: str, goal_success: bool | None, outcome: Outcome, actual: int
) -> None:
    fields = _scored(goal_success=goal_success) | {"tool_calls": [builders.tool_calls(actual=actual)]}
    assert _result(status=status, **fields).outcome is outcome


@pytest.mark.parametrize(
    ("status", "who"), [("No Answer", "the agent or its line"), ("COMPLETED", None), (None, None)]
)
def test_a_failed_or_void_conversation_has_an_owner(status: str | None, who: str | None) -> None:
    assert _result(status=status).owner == who


@pytest.mark.parametrize("status", ["EVALUATING", "Queued"])
def test_a_conversation_under_way_stays_under_way_despite_a_goal_verdict(status: str) -> None:
    assert _result(status=status).outcome is Outcome.UNDER_WAY


@pytest.mark.parametrize(
    ("run_status", "outcome"), [("COMPLETED", Outcome.VOID), ("RUNNING", Outcome.UNDER_WAY)]
)
@pytest.mark.parametrize("status", ["VOICEMAIL", None])
def test_an_unknown_status_without_a_verdict_is_under_way_until_the_run_ends(
    status: str | None, run_status: str, outcome: Outcome
) -> None:
    assert _result(run_status, status=status, evaluations=None).outcome is outcome


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
    assert result.matched_tools == ("find",)
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
def test_connected_depends_on_the_status_the_start_and_the_evaluation(
    fields: dict[str, Any], connected: bool | None
) -> None:
    assert _result(**fields).connected is connected


def test_a_result_keeps_its_exact_bytes() -> None:
    body = b'{"simulation_run":%s,"simulation_results":[{"id": 1},  {"id":2.0 , "new":"\\u00e9"}]}'
    run = SimulationRun.from_bytes(body % builders.encoded(builders.run()))
    assert run.results[1].raw == b'{"id":2.0 , "new":"\\u00e9"}'


def test_an_unknown_field_of_a_result_is_kept_by_path() -> None:
    result = _result(trace_ids=["t1"], result={"anything": 1}, **_scored(human_edited=True))
    assert result.unknown_fields == {"$.trace_ids": ["t1"], "$.evaluations[0].human_edited": True}


FIGURES = {"average": "avg", "maximum": "max", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}
ALL = [("latency", figure) for figure in FIGURES] + [
    ("filler_ignored_latency", figure) for figure in FIGURES if figure != "maximum"
]


def _summary(group: str, **figures: Any) -> LatencySummary:
    document = builders.response(
        builders.result(evaluations=[builders.evaluation(avg_agent_latency=0, **{group: figures})])
    )
    summary: LatencySummary = getattr(SimulationRun.from_bytes(builders.encoded(document)).results[0], group)
    return attrs.evolve(summary, unit=None)


@pytest.mark.parametrize(("group", "figure"), ALL)
def test_each_latency_figure_comes_from_its_own_field_and_0_becomes_none(group: str, figure: str) -> None:
    name = f"{FIGURES[figure]}_{'agent_latency' if group == 'latency' else group}"
    changed: Any = {figure: 7}
    assert _summary(group, **{name: 7}) == LatencySummary(**changed)
    assert attrs.astuple(_summary(group, **{name: 0})) == (None,) * 7


@pytest.mark.parametrize(("mean", "average"), [(7, 7), (0, 8.5), (None, 8.5)])
def test_a_missing_mean_latency_is_taken_from_the_evaluation(mean: float | None, average: float) -> None:
    evaluation = builders.evaluation(latency={"avg_agent_latency": mean}, avg_agent_latency=8.5)
    document = builders.response(builders.result(evaluations=[evaluation]))
    assert SimulationRun.from_bytes(builders.encoded(document)).results[0].latency.average == average


def _unit(*averages: float) -> LatencyUnit | None:
    results = [
        builders.result(index, evaluations=[builders.evaluation(avg_agent_latency=each)])
        for index, each in enumerate(averages)
    ]
    return run_of(*results).latency_unit


@pytest.mark.parametrize(
    ("averages", "unit"),
    [
        ([19.9], LatencyUnit.SECONDS),
        ([20], None),
        ([200], None),
        ([200.1], LatencyUnit.MILLISECONDS),
        ([0.9, 1.4, 30], LatencyUnit.SECONDS),
        ([910, 150, 880], LatencyUnit.MILLISECONDS),
        ([0.9, 910, 880], None),
        ([0, 0], None),
        ([], None),
    ],
)
def test_the_latency_unit_comes_from_the_median_average_and_is_none_if_mixed(
    averages: list[float], unit: LatencyUnit | None
) -> None:
    assert _unit(*averages) == unit


def test_latencies_convert_to_milliseconds_if_their_unit_is_known() -> None:
    seconds = LatencySummary(average=0.5, p95=2, unit=LatencyUnit.SECONDS)
    assert seconds.in_milliseconds() == LatencySummary(average=500, p95=2000, unit=LatencyUnit.MILLISECONDS)
    assert LatencySummary(average=100).in_milliseconds() is None
    known = LatencySummary(average=300, unit=LatencyUnit.MILLISECONDS)
    assert known.in_milliseconds() == known
