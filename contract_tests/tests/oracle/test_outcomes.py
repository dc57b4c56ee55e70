"""The oracle's outcomes, and when it takes a run for settled."""

import pytest

from .outcomes import Json, Watch, moment, outcome, read
from .small_runs import END, RUN, conversation, run_of

LINES = [
    ("void", {"status": "System Error"}),
    ("under way", {"status": "Evaluating"}),
    ("unknown", {"status": "no answer"}),
    ("unknown", {"evaluations": []}),
    ("unknown", {"tool_calls": [{"name": "book", "expected": [{}]}]}),
    ("unknown", {"status": "ERROR"}),
    ("failed", {"tool_calls": [{"name": "book", "expected": [{}]}, {"name": "find", "actual": [{}]}]}),
    ("passed", {"tool_calls": [{"name": "book", "expected": [{}, {}], "actual": [{}]}]}),
    ("passed", {"status": "CALL_DROPPED"}),
    ("passed", {"status": "ESCALATED"}),
    ("unknown", {"status": "ESCALATED", "evaluations": None}),
]


@pytest.mark.parametrize(("expected", "fields"), LINES)
def test_the_first_line_that_applies_decides_the_outcome(expected: str, fields: Json) -> None:
    assert outcome(conversation(1, "passed", **fields), RUN, run_ended=True) == expected


def test_a_missed_goal_fails_whatever_the_status() -> None:
    assert outcome(conversation(1, "failed", status="ERROR"), RUN, run_ended=True) == "failed"


@pytest.mark.parametrize(("seconds", "expected"), [(179, "under way"), (180, "failed")])
def test_an_expected_call_may_arrive_during_the_grace(seconds: int, expected: str) -> None:
    calls = [{"name": "book", "expected": [{}]}, {"name": "find", "actual": [{}]}]
    run = run_of("passed")
    run["simulation_results"][0] |= {"end_time": END, "tool_calls": calls}
    assert read(run, watch=Watch(now=moment(END) + seconds)).outcomes == [expected]


@pytest.mark.parametrize(
    ("status", "expected"), [("INCOMPLETED", "unknown"), ("COMPLETED", "under way"), ("RUNNING", "under way")]
)
def test_a_conversation_under_way_is_unknown_if_its_run_ended_early(status: str, expected: str) -> None:
    run = run_of("under way")
    run["simulation_run"]["status"] = status
    assert read(run).outcomes == [expected]


@pytest.mark.parametrize(("seconds", "settled"), [(179, False), (180, True)])
def test_a_missing_conversation_may_arrive_during_the_grace_of_the_run(seconds: int, settled: bool) -> None:
    run = run_of("passed")
    run["simulation_run"]["total_tests"] = 2
    run["simulation_results"][0]["end_time"] = END
    watch = Watch(now=moment(END) + seconds, run_ended=moment(END))
    assert read(run, watch=watch).settled == settled


@pytest.mark.parametrize(
    ("kinds", "total", "settled"),
    [(["passed"], 1, True), (["passed"], 2, False), ([], 0, False), (["under way"], 1, False)],
)
def test_a_run_without_a_status_has_ended_if_all_that_it_counts_have_ended(
    kinds: list[str], total: int, settled: bool
) -> None:
    run = run_of(*kinds)
    run["simulation_run"] |= {"status": None, "total_tests": total}
    assert read(run).settled == settled


def evaluation(goal: bool | None, created_at: str | None, **fields: str) -> Json:
    """Return an evaluation that may have a time."""
    scores = {"agent_speak_percentage": 50, "avg_agent_latency": 900, "goal_success": goal}
    return scores | ({"created_at": created_at} if created_at else {}) | fields


@pytest.mark.parametrize(
    ("evaluations", "expected"),
    [
        ([(True, "2026-11-20T10:00:00.0000002Z"), (False, "2026-11-20T10:00:00.0000001Z")], "passed"),
        ([(True, END), (False, "2026-11-20T12:00:00+02:00")], "unknown"),
        ([(True, END), (False, None)], "unknown"),
        ([(True, END), (True, None)], "passed"),
    ],
)
def test_the_evaluation_created_last_counts(
    evaluations: list[tuple[bool, str | None]], expected: str
) -> None:
    found = conversation(1, "passed", evaluations=[evaluation(*each) for each in evaluations])
    assert outcome(found, RUN, run_ended=True) == expected


def test_a_conversation_has_the_tool_calls_of_all_its_records() -> None:
    run = run_of("passed")
    run["simulation_results"][0]["tool_calls"] = [{"name": "book", "expected": [{}]}]
    fetched = conversation(0, "passed", tool_calls=[{"name": "book", "actual": [{}]}])
    assert read(run, fetched=[fetched]).outcomes == ["passed"]


@pytest.mark.parametrize(("total", "queued", "missing"), [(5, (), 3), (None, ("0", "7"), 1), (1, (), 0)])
def test_missing_conversations_are_unknown(total: int | None, queued: tuple[str, ...], missing: int) -> None:
    run = run_of("passed", "passed")
    run["simulation_run"]["total_tests"] = total
    assert read(run, queued=queued).count("unknown") == missing
