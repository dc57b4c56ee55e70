"""What each scenario contains."""

import hashlib
import json
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Stub

NAMES = [
    *("reference", "settled", "under_way", "advancing", "still_evaluating", "incompleted"),
    *("insufficient_funds", "no_results", "null_results", "large", "unknown_status", "unknown_fields"),
    *("zoneless_times", "all_passed", "left_out", "nulls"),
    *("late_tools", "gaps", "skipped_tool", "repeats", "no_calls", "paged"),
]
ENDS = [
    *("COMPLETED", "CALL_DROPPED", "NO_CONNECTION", "NO_ANSWER"),
    *("No Answer", "OUT_OF_FUNDS", "SYSTEM_ERROR", "CANCELLED"),
]


def polls(name: str) -> list[dict[str, Any]]:
    return [json.loads(body) for body in SCENARIOS[name].bodies]


def settled(caller: int) -> dict[str, Any]:
    """The settled run's result of one digital human."""
    results = polls("settled")[-1]["simulation_results"]
    [found] = (result for result in results if result["digital_human_id"] == caller)
    return dict(found)


def test_every_scenario_has_a_unique_name_and_a_unique_run_id_in_digits() -> None:
    assert list(SCENARIOS) == [scenario.name for scenario in SCENARIOS.values()] == NAMES
    run_ids = {scenario.run_id for scenario in SCENARIOS.values()}
    assert len(run_ids) == len(NAMES)
    assert all(map(str.isdecimal, run_ids))


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_serves_a_scenario_step_by_step_and_repeats_its_last_step(
    stub: Stub, client: httpx.Client, name: str
) -> None:
    stub.pages = False
    scenario = SCENARIOS[name]
    served = [client.get(scenario.run_id).content for _ in (*scenario.bodies, "once more")]
    assert served == [*scenario.bodies, scenario.bodies[-1]]


def test_bodies_are_the_same_in_every_process() -> None:
    script = (
        "import hashlib; from bluejay_contract.stub import SCENARIOS; print(hashlib.sha256("
        "b''.join(body for scenario in SCENARIOS.values() for body in scenario.bodies)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own = hashlib.sha256(b"".join(body for scenario in SCENARIOS.values() for body in scenario.bodies))
    assert other.stdout.strip() == own.hexdigest()


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("settled", [("COMPLETED", ENDS)]),
        ("under_way", [("RUNNING", ["COMPLETED", "EVALUATING", "IN_PROGRESS", "DISPATCHED", "QUEUED"])]),
        (
            "advancing",
            [
                ("INITIALIZING", []),
                ("RUNNING", ["QUEUED"]),
                ("RUNNING", ["IN_PROGRESS", "QUEUED"]),
                ("RUNNING", ["COMPLETED", "EVALUATING", "IN_PROGRESS"]),
                ("COMPLETED", ["COMPLETED", "EVALUATING"]),
                ("COMPLETED", ["COMPLETED"]),
            ],
        ),
        ("still_evaluating", [("COMPLETED", ["COMPLETED", "EVALUATING", "CONVERSATION_ENDED"])]),
        ("incompleted", [("INCOMPLETED", ["COMPLETED", "SYSTEM_ERROR", "CANCELLED"])]),
        ("insufficient_funds", [("INSUFFICIENT_FUNDS", ["COMPLETED", "OUT_OF_FUNDS"])]),
        ("no_results", [("COMPLETED", [])]),
        ("unknown_status", [("FINALIZING", ["COMPLETED", "TRANSFERRED", "awaiting review"])]),
    ],
)
def test_the_scenarios_have_the_listed_statuses_of_runs_and_results(
    name: str, steps: list[tuple[str, list[str]]]
) -> None:
    assert steps == [
        (
            document["simulation_run"]["status"],
            list(dict.fromkeys(result["status"] for result in document["simulation_results"])),
        )
        for document in polls(name)
    ]


def test_scenarios_have_the_counters_size_and_times_that_their_names_promise() -> None:
    [without_results], [large], [settled_run] = polls("null_results"), polls("large"), polls("settled")
    counters = [
        [value for key, value in document["simulation_run"].items() if "test" in key]
        for document in (without_results, settled_run)
    ]
    assert counters == [[None] * 5, [15, 3, 12, 8, 7]]
    assert without_results["simulation_results"] is None
    assert len(large["simulation_results"]) == 1_000
    assert 6_500_000 < len(SCENARIOS["large"].bodies[0]) < 7_500_000
    times = re.findall(r'"(2026-[^"]+T[^"]+)"', SCENARIOS["zoneless_times"].bodies[0].decode())
    assert [bool(re.fullmatch(r"[\d:.T-]+", time)) for time in times] == [True] * 10


def test_the_settled_scenario_has_a_conversation_for_each_way_to_judge_one() -> None:
    """A failed goal, a skipped tool that the judge overlooked, no tool call at all, and no latency."""
    failed, overlooked, toolless, unmeasured = map(settled, (57, 58, 59, 62))
    assert [each["evaluations"][0]["goal_success"] for each in (failed, overlooked)] == [False, True]
    missing = [
        [tool["name"] for tool in each["tool_calls"] if tool["expected"] and not tool["actual"]]
        for each in (overlooked, toolless)
    ]
    assert missing == [["cancel_appointment"], ["create_patient", "book"]]
    assert unmeasured["evaluations"][0]["avg_agent_latency"] == 0


def test_in_the_scenario_settled_the_current_evaluation_is_neither_first_nor_last() -> None:
    judged = settled(61)["evaluations"]
    assert max(judged, key=lambda evaluation: str(evaluation["created_at"])) == judged[1]
    assert [evaluation["goal_success"] for evaluation in judged] == [True, False, True]


def test_the_settled_scenario_has_every_shape_that_the_service_sends() -> None:
    """A field as object and as array, durations in both units, times in every spelling with a zone."""
    results = polls("settled")[-1]["simulation_results"]
    evaluations = [each for result in results for each in result.get("evaluations") or ()]
    metrics = {metric["response_type"] for each in evaluations for metric in each["custom_metrics"]}
    assert metrics == {"quantitative", "pass_fail", "enum", "qualitative"}
    for field in ("latency", "custom_metrics"):
        assert {type(result[field]) for result in results if result.get(field)} == {dict, list}
    assert {result["duration"] > 1_000 for result in results if result.get("duration")} == {True, False}
    assert {"null", "[]", '"absent"'} < {json.dumps(each.get("evaluations", "absent")) for each in results}
    text = SCENARIOS["settled"].bodies[0].decode()
    assert [end for end in ("481337Z", "481337+00:00", "481337250Z") if f'{end}"' not in text] == []


def test_the_scenarios_have_metrics_of_every_type_and_one_that_is_not_applicable() -> None:
    without = {"reference", "left_out", "nulls"}
    texts = [json.loads(each.bodies[-1]) for each in SCENARIOS.values() if each.name not in without]
    results = [result for text in texts for result in text["simulation_results"] or ()]
    evaluations = [each for result in results for each in result.get("evaluations") or ()]
    metrics = [metric for each in evaluations for metric in each["custom_metrics"]]
    described = {"pass_fail", "yes_no", "quantitative", "qualitative", "enum", "json", "tool_call"}
    assert {metric["response_type"] for metric in metrics} == described
    assert "not applicable" in {metric["response_value"] for metric in metrics}
