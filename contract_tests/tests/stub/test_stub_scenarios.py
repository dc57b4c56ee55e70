"""What there is to see in each scenario."""

import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS

NAMES = [
    "reference",
    "settled",
    "under_way",
    "advancing",
    "still_evaluating",
    "incompleted",
    "insufficient_funds",
    "no_results",
    "null_results",
    "large",
    "unknown_status",
    "unknown_fields",
    "zoneless_times",
]


def polls(name: str) -> list[dict[str, Any]]:
    return [json.loads(body) for body in SCENARIOS[name].bodies]


def results(name: str) -> list[dict[str, Any]]:
    """The results at the last poll."""
    listed: list[dict[str, Any]] = polls(name)[-1]["simulation_results"]
    return listed


def conversation(caller: int) -> dict[str, Any]:
    """The settled run's result of one digital human."""
    [found] = (result for result in results("settled") if result["digital_human_id"] == caller)
    return found


def statuses(document: dict[str, Any]) -> tuple[str, list[str]]:
    """The status of the run, and those of its results without repetition."""
    listed = [result["status"] for result in document["simulation_results"]]
    return document["simulation_run"]["status"], list(dict.fromkeys(listed))


def missing_tools(result: dict[str, Any]) -> list[str]:
    return [tool["name"] for tool in result["tool_calls"] if tool["expected"] and not tool["actual"]]


def test_the_scenarios_are_these() -> None:
    assert list(SCENARIOS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_goes_by_its_name(name: str) -> None:
    assert SCENARIOS[name].name == name


def test_run_ids_are_distinct() -> None:
    assert len({scenario.run_id for scenario in SCENARIOS.values()}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_id_is_digits_as_upstream(name: str) -> None:
    assert SCENARIOS[name].run_id.isdecimal()


@pytest.mark.parametrize("name", NAMES)
def test_every_stub_knows_the_scenario(client: httpx.Client, name: str) -> None:
    scenario = SCENARIOS[name]
    assert [client.get(scenario.run_id).content for _ in scenario.bodies] == list(scenario.bodies)


def test_bodies_are_the_same_in_every_process() -> None:
    """Neither a random draw nor the order of a set may get into them."""
    script = (
        "import hashlib; from bluejay_contract.stub import SCENARIOS; print(hashlib.sha256("
        "b''.join(body for scenario in SCENARIOS.values() for body in scenario.bodies)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own = hashlib.sha256(b"".join(body for scenario in SCENARIOS.values() for body in scenario.bodies))
    assert other.stdout.strip() == own.hexdigest()


def test_settled_is_the_run_of_the_documentation() -> None:
    assert SCENARIOS["settled"].run_id == "48213"


def test_settled_has_every_kind_of_end() -> None:
    assert statuses(polls("settled")[0]) == (
        "COMPLETED",
        [
            "COMPLETED",
            "CALL_DROPPED",
            "NO_CONNECTION",
            "NO_ANSWER",
            "No Answer",
            "OUT_OF_FUNDS",
            "SYSTEM_ERROR",
            "CANCELLED",
        ],
    )


def test_settled_counts_the_void_and_the_toolless_as_failed() -> None:
    run = polls("settled")[0]["simulation_run"]
    assert [run[key] for key in run if "test" in key] == [15, 3, 12, 8, 7]


@pytest.mark.parametrize("flag", ["hallucination", "redundancy"])
def test_settled_has_one_conversation_with_the_flag_and_its_reason(flag: str) -> None:
    scored = [result["evaluations"][0] for result in results("settled") if result.get("evaluations")]
    assert [bool(score[f"{flag}_reasoning"]) for score in scored if score[flag]] == [True]


def test_settled_has_a_failed_goal_with_its_reason() -> None:
    [evaluation] = conversation(57)["evaluations"]
    assert (evaluation["goal_success"], bool(evaluation["goal_reasoning"])) == (False, True)


def test_settled_has_a_judge_that_overlooked_a_skipped_tool() -> None:
    cancelled = conversation(58)
    assert (cancelled["evaluations"][0]["goal_success"], missing_tools(cancelled)) == (
        True,
        ["cancel_appointment"],
    )


def test_settled_has_a_conversation_without_any_of_its_tools() -> None:
    visit = conversation(59)
    assert (
        missing_tools(visit) == [tool["name"] for tool in visit["tool_calls"]] == ["create_patient", "book"]
    )


def test_settled_has_a_tool_that_was_called_without_need() -> None:
    tools = [tool for result in results("settled") for tool in result.get("tool_calls") or ()]
    assert [tool["name"] for tool in tools if not tool["expected"]] == ["list_slots"]


def test_the_current_evaluation_is_not_the_last_in_the_list() -> None:
    judged = conversation(61)["evaluations"]
    current = max(judged, key=lambda evaluation: datetime.fromisoformat(evaluation["created_at"]))
    assert judged.index(current) == 1


def test_the_current_evaluation_differs_from_the_others() -> None:
    """Whoever takes the first or the last for the current one sees a pass."""
    verdicts = [evaluation["goal_success"] for evaluation in conversation(61)["evaluations"]]
    assert verdicts == [True, False, True]


def test_settled_has_a_held_conversation_without_measured_latency() -> None:
    unmeasured = [
        result["digital_human_id"]
        for result in results("settled")
        if result["status"] == "COMPLETED" and result["evaluations"][0]["avg_agent_latency"] == 0
    ]
    assert unmeasured == [62]


@pytest.mark.parametrize("field", ["latency", "custom_metrics"])
def test_settled_has_the_field_as_an_object_and_as_an_array(field: str) -> None:
    kinds = {type(result[field]) for result in results("settled") if result.get(field)}
    assert kinds == {dict, list}


@pytest.mark.parametrize("unit", [1, 1_000])
def test_settled_has_durations_in_seconds_and_in_milliseconds(unit: int) -> None:
    lasted = [
        datetime.fromisoformat(result["end_time"]) - datetime.fromisoformat(result["start_time"])
        for result in results("settled")
        if result.get("duration") and result["duration"] // unit in range(20, 200)
    ]
    assert lasted


def test_settled_has_metrics_of_every_response_type() -> None:
    kinds = {
        metric["response_type"]
        for result in results("settled")
        for evaluation in result.get("evaluations") or ()
        for metric in evaluation["custom_metrics"]
    }
    assert kinds == {"number", "boolean", "enum", "string", "percentage"}


@pytest.mark.parametrize("ending", ["481337Z", "481337+00:00", "481337250Z"])
def test_settled_has_times_of_every_spelling_that_has_a_zone(ending: str) -> None:
    times = [str(result.get(key)) for result in results("settled") for key in ("start_time", "end_time")]
    assert [time for time in times if time.endswith(ending)]


def test_settled_has_evaluations_that_are_null_empty_and_absent() -> None:
    shapes = [json.dumps(result.get("evaluations", "absent")) for result in results("settled")]
    assert {"null", "[]", '"absent"'} <= set(shapes)


def test_under_way_has_results_at_every_stage() -> None:
    assert statuses(polls("under_way")[0]) == (
        "RUNNING",
        ["COMPLETED", "EVALUATING", "IN_PROGRESS", "DISPATCHED", "QUEUED"],
    )


def test_advancing_takes_a_step_a_poll() -> None:
    assert list(map(statuses, polls("advancing"))) == [
        ("INITIALIZING", []),
        ("RUNNING", ["QUEUED"]),
        ("RUNNING", ["IN_PROGRESS", "QUEUED"]),
        ("RUNNING", ["COMPLETED", "EVALUATING", "IN_PROGRESS"]),
        ("COMPLETED", ["COMPLETED", "EVALUATING"]),
        ("COMPLETED", ["COMPLETED"]),
    ]


def test_advancing_stays_settled(client: httpx.Client) -> None:
    bodies = [client.get(SCENARIOS["advancing"].run_id).content for _ in range(8)]
    assert bodies[5:] == [SCENARIOS["advancing"].bodies[-1]] * 3


def test_still_evaluating_says_that_it_is_completed() -> None:
    assert statuses(polls("still_evaluating")[0]) == (
        "COMPLETED",
        ["COMPLETED", "EVALUATING", "CONVERSATION_ENDED"],
    )


def test_incompleted_ended_with_conversations_that_did_not_take_place() -> None:
    assert statuses(polls("incompleted")[0]) == ("INCOMPLETED", ["COMPLETED", "SYSTEM_ERROR", "CANCELLED"])


def test_insufficient_funds_ended_with_conversations_out_of_funds() -> None:
    assert statuses(polls("insufficient_funds")[0]) == ("INSUFFICIENT_FUNDS", ["COMPLETED", "OUT_OF_FUNDS"])


def test_no_results_is_an_ended_run_of_nothing() -> None:
    [document] = polls("no_results")
    run = document["simulation_run"]
    assert (run["status"], run["total_tests"], document["simulation_results"]) == ("COMPLETED", 0, [])


def test_null_results_has_null_for_its_results_and_counters() -> None:
    [document] = polls("null_results")
    run = document["simulation_run"]
    counters = {value for key, value in run.items() if "test" in key}
    assert (run["status"], counters, document["simulation_results"]) == ("COMPLETED", {None}, None)


def test_large_has_a_thousand_results() -> None:
    assert len(results("large")) == 1_000


def test_large_is_about_seven_megabytes() -> None:
    assert 6_500_000 < len(SCENARIOS["large"].bodies[0]) < 7_500_000


def test_unknown_status_has_statuses_that_nobody_described() -> None:
    assert statuses(polls("unknown_status")[0]) == (
        "FINALIZING",
        ["COMPLETED", "TRANSFERRED", "awaiting review"],
    )


def test_zoneless_times_has_no_time_with_a_zone() -> None:
    times = re.findall(r'"(2026-[^"]+T[^"]+)"', SCENARIOS["zoneless_times"].bodies[0].decode())
    assert [bool(re.fullmatch(r"[\d:.T-]+", time)) for time in times] == [True] * 10
