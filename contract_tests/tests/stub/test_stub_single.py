"""Results that are fetched by id."""

from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run


def read(api: httpx.Client, result_id: object) -> Any:
    return api.get(f"retrieve-simulation-result/{result_id}").json()["simulation_result"]


def poll(api: httpx.Client, run_id: str) -> Any:
    return api.get(f"retrieve-simulation-results/{run_id}").json().get("simulation_results") or []


def calls(result: Any) -> int:
    return sum(len(tool["actual"]) for tool in result["tool_calls"] or ())


@pytest.mark.parametrize("name", ["reference", "settled", "advancing", "nulls", "null_results"])
def test_a_result_fetched_by_id_equals_the_result_in_the_latest_poll(api: httpx.Client, name: str) -> None:
    scenario = SCENARIOS[name]
    for _ in scenario.bodies:
        listed = poll(api, scenario.run_id)
        assert [read(api, each["id"]) for each in listed] == listed


def test_a_result_comes_from_the_first_answer_until_its_run_is_polled(stub: Stub, api: httpx.Client) -> None:
    first, second = (run(passed=[{"duration": length}], id="mine") for length in (1, 2))
    stub.serve("mine", Answer.json(first), Answer(b"<html>", 502), Answer.json(second))
    [result] = first["simulation_results"]
    seen = [read(api, result["id"])["duration"]]
    for _ in range(3):
        api.get("retrieve-simulation-results/mine")
        seen.append(read(api, result["id"])["duration"])
    assert seen == [1, 1, 1, 2]


def test_a_scenarios_results_are_not_found_after_its_answers_were_replaced(
    stub: Stub, api: httpx.Client
) -> None:
    stub.serve("48213", Answer(b"{}"))
    assert api.get("retrieve-simulation-result/482130001").status_code == 404


def test_the_late_tools_scenario_has_its_tool_calls_at_the_third_fetch(api: httpx.Client) -> None:
    late = [each["id"] for each in poll(api, "48228") if not calls(each)]
    assert len(late) == 3
    assert [[calls(read(api, each)) > 0 for _ in range(3)] for each in late] == [[False, False, True]] * 3


def test_the_gaps_scenario_lists_49_conversations_without_tool_calls(stub: Stub, api: httpx.Client) -> None:
    stub.pages = False
    listed = poll(api, "48229")
    tail = [each for each in listed if not calls(each)]
    assert (len(listed), tail) == (180, listed[-49:])
    assert min(calls(read(api, each["id"])) for each in tail) > 0
