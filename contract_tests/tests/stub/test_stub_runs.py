"""Runs with chosen properties, built with `run`."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.stub import run
from bluejay_results import SimulationRun

from .. import builders

CORRECTED = {"corrected_from": {"goal_success": False, "politeness": "2"}}


def read(**asked: Any) -> SimulationRun:
    return SimulationRun.from_bytes(builders.encoded(run(**asked)))


def exchange(document: Any) -> Exchange:
    request = Request(document["simulation_run"]["id"], Key.VALID, secret="test-key")
    return Exchange(request, 200, JSON_HEADERS, builders.encoded(document))


def test_a_built_run_has_the_requested_conversations_and_no_notes() -> None:
    made = read(passed=7, failed=[{}, {"status": "CALL_DROPPED"}], unknown=3, void=1, under_way=2)
    counts = Counter(each.outcome.value for each in made.results)
    assert counts == {"passed": 7, "failed": 2, "unknown": 3, "void": 1, "under way": 2}
    settled = read(passed=3, failed=2)
    assert (made.is_settled, settled.is_settled, settled.notes) == (False, True, ())


def test_the_latency_of_a_built_conversation_without_fillers_is_160_ms_longer() -> None:
    [evaluation] = run(passed=1)["simulation_results"][0]["evaluations"]
    filler, latency = evaluation["filler_ignored_latency"], evaluation["latency"]
    for name in ("avg", "p50", "p90", "p95", "p99"):
        assert filler[f"{name}_filler_ignored_latency"] == latency[f"{name}_agent_latency"] + 160


HELD = ("COMPLETED",)
DROPPED = ("CALL_DROPPED", "call dropped", "Call-Dropped")
NOT_HELD = ("NO_ANSWER", "No Answer")
BEING_SCORED = ("EVALUATING",)
NOT_YET_HELD = ("QUEUED",)
"""contract/test_statuses.py has all statuses."""
GROUPS = ("passed", "failed", "unknown", "void", "under_way")


def counters(**asked: Any) -> tuple[int, ...]:
    """A built run's counts of passed, failed, completed and incompleted conversations."""
    made = run(**asked)["simulation_run"]
    return tuple(made[f"tests_{name}"] for name in ("passed", "failed", "completed", "incompleted"))


@pytest.mark.parametrize("status", [*HELD, "Completed", "NEW", None])
def test_a_conversation_with_a_verdict_is_counted_by_its_verdict(status: str | None) -> None:
    assert counters(passed=[{"status": status}]) == (1, 0, 1, 0)
    assert counters(failed=[{"status": status}]) == (0, 1, 1, 0)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("status", [*DROPPED, *NOT_HELD])
def test_a_conversation_that_never_took_place_counts_as_failed(status: str, group: str) -> None:
    assert counters(**{group: [{"status": status}]}) == (0, 1, 0, 1)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("status", BEING_SCORED)
def test_a_conversation_that_is_being_scored_neither_passed_nor_failed(status: str, group: str) -> None:
    assert counters(**{group: [{"status": status}]}) == (0, 0, 1, 0)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("status", NOT_YET_HELD)
def test_an_unfinished_conversation_counts_only_in_the_total(status: str, group: str) -> None:
    assert counters(**{group: [{"status": status}]}) == (0, 0, 0, 0)
    assert run(**{group: [{"status": status}]})["simulation_run"]["total_tests"] == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"evaluation": {"goal_success": False}}, (0, 1, 1, 0)),
        ({"evaluation": {"human_goal_success": False}}, (0, 1, 1, 0)),
        ({"evaluation": {"goal_success": False, "human_goal_success": True}}, (1, 0, 1, 0)),
        ({"evaluation": {"goal_success": None}}, (0, 0, 1, 0)),
        ({"evaluations": None}, (0, 0, 1, 0)),
        ({"evaluations": []}, (0, 0, 1, 0)),
        ({"tool_calls": [builders.tool_calls(actual=0)]}, (0, 1, 1, 0)),
        ({"tool_calls": [builders.tool_calls(actual=0), builders.tool_calls(expected=0)]}, (1, 0, 1, 0)),
        ({"tool_calls": None}, (1, 0, 1, 0)),
    ],
)
def test_the_counters_follow_from_the_changed_conversation(
    changed: dict[str, Any], expected: tuple[int, ...]
) -> None:
    assert counters(passed=[changed]) == expected


@pytest.mark.parametrize("status", [*HELD, *DROPPED, *NOT_HELD, *BEING_SCORED, *NOT_YET_HELD, "NEW", None])
@pytest.mark.parametrize("group", ["passed", "failed"])
def test_a_conversation_in_another_status_keeps_everything_else(status: str | None, group: str) -> None:
    [plain], [made] = (run(**{group: [each]})["simulation_results"] for each in ({}, {"status": status}))
    assert made == plain | {"status": status}


def test_a_conversation_loses_its_evaluation_only_if_a_test_removes_it() -> None:
    [made] = run(passed=[{"status": "ERROR", "evaluations": None}])["simulation_results"]
    assert made["evaluations"] is None


def test_built_runs_satisfy_every_rule_of_the_harness(contract: Contract) -> None:
    others = [
        run(),
        run(under_way=6, id="mine", created_at="2027-01-01T00:00:00Z"),
        run(passed=1, under_way=[{"status": status} for status in ("EVALUATING", "IN_PROGRESS", "QUEUED")]),
        run(passed=2, failed=[{"status": "CALL_DROPPED"}, {"evaluation": {"num_turns": 7}}], void=2),
        run(void=[{"status": status} for status in ("NO_CONNECTION", "OUT_OF_FUNDS", "COMPLETED")]),
        run(passed=[CORRECTED], failed=[{"corrected_from": {"goal_success": True, "hallucination": False}}]),
        run(passed=[{"trace_ids": ["4bf9"], "evaluation": {"human_goal_success": None}}]),
    ]
    polls = [run(under_way=6), run(passed=1, under_way=5), run(passed=3, failed=2, void=1)]
    found = [failure for each in [*others, *polls] for failure in check(contract, exchange(each))]
    found += [failure for pair in pairwise(map(exchange, polls)) for failure in check_sequence(*pair)]
    assert found == []


def test_a_corrected_conversation_has_the_judges_and_the_reviewers_answers() -> None:
    plain, made = run(passed=1), run(passed=[CORRECTED])
    [before], [after] = (each["simulation_results"][0]["evaluations"] for each in (plain, made))
    assert plain["simulation_run"] == made["simulation_run"]
    assert (after["goal_success"], after["human_goal_success"]) == (False, True)
    assert after["human_goal_reasoning"] == before["goal_reasoning"] != after["goal_reasoning"]
    assert (after["hallucination"], after["human_hallucination"]) == (False, None)
    polite, reason = after["custom_metrics"]
    assert (polite["response_value"], polite["human_response_value"]) == ("2", "4")
    assert (reason["human_response_value"], reason["human_edited"]) == (None, None)
    assert after["human_edited"] is polite["human_edited"] is True


@pytest.mark.parametrize("value", ["another", 7, None, []])
def test_the_run_builder_accepts_any_value_for_any_field(value: Any) -> None:
    of_run = dict.fromkeys(("id", "created_at", "status", "total_tests"), value)
    of_result = dict.fromkeys(("id", "status", "evaluations", "end_time"), value)
    document = run(passed=[of_result, {}], **of_run)
    assert document["simulation_run"].items() >= of_run.items()
    assert document["simulation_results"][0].items() >= of_result.items()


@pytest.mark.parametrize(
    ("arguments", "error", "names"),
    [
        ({"pased": 1}, TypeError, "pased"),
        ({"passed": [{"gaol": 1}]}, TypeError, "gaol"),
        ({"passed": [{"evaluation": {"gaol": 1}}]}, TypeError, "gaol"),
        ({"void": [{"evaluation": {}}]}, ValueError, "SYSTEM_ERROR"),
        ({"void": [{"corrected_from": {}}]}, ValueError, "SYSTEM_ERROR"),
        ({"passed": [{"corrected_from": {"politness": "2"}}]}, TypeError, "politness.*politeness"),
        ({"passed": [{"corrected_from": True}]}, TypeError, "corrected_from"),
        ({"failed": -1}, ValueError, "-1"),
        ({"passed": "3"}, TypeError, "'3'"),
        ({"void": ["NO_ANSWER"]}, TypeError, "void"),
        ({"failed": [{"evaluation": 1}]}, TypeError, "evaluation"),
    ],
)
def test_the_run_builders_error_names_the_refused_argument(
    arguments: dict[str, Any], error: type[Exception], names: str
) -> None:
    with pytest.raises(error, match=names):
        run(**arguments)


def test_changing_a_built_run_changes_no_other_built_run() -> None:
    before = builders.encoded(run(passed=1))
    run(passed=1)["simulation_results"][0]["tool_calls"][0]["actual"].clear()
    assert builders.encoded(run(passed=1)) == before
