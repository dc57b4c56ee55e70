"""Runs with chosen properties, as `run` builds them."""

import copy
import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.stub import SCENARIOS, run
from bluejay_results import SimulationRun


def read(document: Any) -> SimulationRun:
    return SimulationRun.from_bytes(json.dumps(document).encode())


def exchange(document: Any) -> Exchange:
    request = Request(document["simulation_run"]["id"], Key.VALID, secret="test-key")
    return Exchange(request, 200, JSON_HEADERS, json.dumps(document).encode())


def test_a_run_has_the_conversations_that_were_asked_for() -> None:
    made = read(run(passed=7, failed=[{}, {"status": "CALL_DROPPED"}], unknown=3, void=1, under_way=2))
    assert Counter(each.outcome.value for each in made.results) == {
        "passed": 7, "failed": 2, "unknown": 3, "void": 1, "under way": 2,
    }  # fmt: skip


def test_a_built_run_has_no_notes_and_is_settled_if_no_conversation_is_under_way() -> None:
    made = [read(each) for each in (run(), run(passed=3, failed=2), run(under_way=1))]
    assert [(each.is_settled, each.notes) for each in made] == [(True, ()), (True, ()), (False, ())]
    all_passed = SimulationRun.from_bytes(SCENARIOS["all_passed"].bodies[-1])
    assert {each.outcome.value for each in all_passed.results} == {"passed"}


def test_no_rule_finds_anything_in_a_run_or_between_two_of_its_polls(contract: Contract) -> None:
    stages = [
        run(),
        run(under_way=6, id="mine", created_at="2027-01-01T00:00:00Z"),
        run(passed=1, under_way=[{"status": status} for status in ("EVALUATING", "IN_PROGRESS", "QUEUED")]),
        run(passed=2, failed=[{"status": "CALL_DROPPED"}, {"evaluation": {"num_turns": 7}}], void=2),
        run(void=[{"status": status} for status in ("NO_CONNECTION", "OUT_OF_FUNDS", "COMPLETED")]),
    ]
    polls = [run(under_way=6), run(passed=1, under_way=5), run(passed=3, failed=2, void=1)]
    found = [failure for each in [*stages, *polls] for failure in check(contract, exchange(each))]
    found += [failure for pair in pairwise(map(exchange, polls)) for failure in check_sequence(*pair)]
    assert found == []


@pytest.mark.parametrize("value", ["another", 7, None, []])
def test_the_builder_accepts_any_value_for_any_field(value: Any) -> None:
    of_run = dict.fromkeys(("id", "created_at", "status", "total_tests"), value)
    of_result = dict.fromkeys(("id", "status", "evaluations", "end_time"), value)
    document = run(passed=[of_result, {}], **of_run)
    assert document["simulation_run"].items() >= of_run.items()
    assert document["simulation_results"][0].items() >= of_result.items()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"pased": 1}, TypeError, "no such field: pased; the fields are id, simulation_id"),
        ({"passed": [{"gaol": 1}]}, TypeError, "no such field: gaol; the fields are id, digital_human_id"),
        ({"passed": [{"evaluation": {"gaol": 1}}]}, TypeError, "no such field: gaol; the fields are agent_"),
        ({"void": [{"evaluation": {}}]}, ValueError, "the status SYSTEM_ERROR has no evaluation to change"),
        ({"failed": -1}, ValueError, "failed must be 0 or more, got -1"),
        (
            {"passed": "3"},
            TypeError,
            "passed must be a number or a list of dicts with fields to change, got '3'",
        ),
        ({"void": ["NO_ANSWER"]}, TypeError, "void must be a number or a list of dicts"),
        (
            {"failed": [{"evaluation": 1}]},
            TypeError,
            "evaluation must be a dict with fields to change, got 1",
        ),
    ],
)
def test_the_builder_names_the_argument_that_it_refuses(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(**arguments)


def test_the_fields_of_a_built_conversation_agree_with_each_other() -> None:
    at = "2027-03-01T12:00:00"
    made = read(
        run(
            failed=[{"evaluation": {"goal_reasoning": "No slot was offered."}}],
            under_way=[{"status": "EVALUATING"}],
            created_at=at,
        )
    )
    failed, evaluating = made.results
    assert str(failed.reason) == "No slot was offered."
    assert evaluating.response.end_time
    assert evaluating.response.evaluations is None
    assert failed.response.start_time > made.response.simulation_run.created_at  # type: ignore[operator]  # set


def test_the_latency_of_a_built_conversation_is_the_latency_that_clients_read() -> None:
    [slow] = read(run(passed=[{"latency": {"avg": 2100, "p95": 4500}}])).results
    assert (slow.latency.average, slow.latency.p95) == (2100, 4500)


def test_changing_a_run_changes_no_other_run() -> None:
    made = run(passed=1)
    before = copy.deepcopy(made)
    made["simulation_results"][0]["tool_calls"][0]["actual"].clear()
    assert run(passed=1) == before
