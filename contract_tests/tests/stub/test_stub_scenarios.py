"""What the scenarios contain, and how a stub plays them."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_contract.stub.scenarios.conversation import conversation
from bluejay_results import SimulationRun
from bluejay_results.gate import Decision, gate

Document = dict[str, Any]
ENDS = {
    *("COMPLETED", "CALL_DROPPED", "NO_CONNECTION", "NO_ANSWER"),
    *("No Answer", "OUT_OF_FUNDS", "SYSTEM_ERROR", "CANCELLED"),
}
UNDER_WAY = {"QUEUED", "DISPATCHED", "IN_PROGRESS", "EVALUATING", "CONVERSATION_ENDED"}
METRICS = {"pass_fail", "yes_no", "quantitative", "qualitative", "enum", "json", "tool_call"}
DESCRIBED = sorted(SCENARIOS.keys() - {"reference", "left_out", "nulls"})
"""The scenarios with realistic values: not the contract's example or those with hardly any fields."""


def polls(name: str) -> list[Document]:
    return [json.loads(body) for body in SCENARIOS[name].bodies]


def test_every_scenario_has_a_unique_name_and_a_unique_numeric_run_id() -> None:
    run_ids = {scenario.run_id for scenario in SCENARIOS.values()}
    assert list(SCENARIOS) == [scenario.name for scenario in SCENARIOS.values()]
    assert len(run_ids) == len(SCENARIOS)
    assert all(map(str.isdecimal, run_ids))


def test_a_declared_conversation_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(TypeError, match="gaol"):
        conversation(gaol=True)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_stub_serves_a_scenario_step_by_step_and_repeats_its_last_step(
    stub: Stub, client: httpx.Client, name: str
) -> None:
    stub.pages = False
    scenario = SCENARIOS[name]
    served = [client.get(scenario.run_id).content for _ in (*scenario.bodies, "once more")]
    assert served == [*scenario.bodies, scenario.bodies[-1]]


def test_the_stubs_bodies_are_the_same_in_every_process() -> None:
    script = (
        "import hashlib; from bluejay_contract.stub import SCENARIOS; print(hashlib.sha256("
        "b''.join(body for scenario in SCENARIOS.values() for body in scenario.bodies)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own = hashlib.sha256(b"".join(body for scenario in SCENARIOS.values() for body in scenario.bodies))
    assert other.stdout.strip() == own.hexdigest()


def test_the_advancing_scenario_starts_as_initializing_and_ends_as_completed() -> None:
    steps = [
        (
            document["simulation_run"]["status"],
            {result["status"] for result in document["simulation_results"]},
        )
        for document in polls("advancing")
    ]
    assert steps == [
        ("INITIALIZING", set()),
        ("RUNNING", {"QUEUED"}),
        ("RUNNING", {"IN_PROGRESS", "QUEUED"}),
        ("RUNNING", {"COMPLETED", "EVALUATING", "IN_PROGRESS"}),
        ("COMPLETED", {"COMPLETED", "EVALUATING"}),
        ("COMPLETED", {"COMPLETED"}),
    ]


def test_the_scenarios_have_every_shape_that_the_service_sends() -> None:
    """Fields that can be objects or arrays, durations in both units, all final statuses, all metric types."""
    results = [each for name in DESCRIBED for each in polls(name)[-1]["simulation_results"] or ()]
    evaluations = [each for result in results for each in result.get("evaluations") or ()]
    metrics = [metric for each in evaluations for metric in each["custom_metrics"]]
    assert {metric["response_type"] for metric in metrics} == METRICS
    assert "not applicable" in {metric["response_value"] for metric in metrics}
    assert {result["status"] for result in polls("settled")[-1]["simulation_results"]} == ENDS
    for field in ("latency", "custom_metrics"):
        assert {type(result[field]) for result in results if result.get(field)} == {dict, list}
    assert {result["duration"] > 1_000 for result in results if result.get("duration")} == {True, False}
    text = SCENARIOS["settled"].bodies[0].decode()
    assert [end for end in ("481337Z", "481337+00:00", "481337250Z") if f'{end}"' not in text] == []


def test_the_unknown_fields_scenario_adds_a_field_to_each_kind_of_object() -> None:
    found = check(Contract.load(), Exchange.saved(SCENARIOS["unknown_fields"].bodies[0]))
    new = [re.sub(r"\[\d+\]", "[]", failure.path) for failure in found if failure.rule == "unknown-field"]
    assert len({path.rpartition(".")[0] for path in new}) == 11


def test_the_last_page_of_the_paged_scenario_decides_the_verdict() -> None:
    [whole] = polls("paged")
    passed = [each["evaluations"][0]["goal_success"] for each in whole["simulation_results"]]
    assert (len(passed), sum(passed[:100]), sum(passed[:200]), sum(passed)) == (250, 100, 190, 190)


def test_the_reviewed_scenario_has_corrections_of_each_kind_in_both_directions() -> None:
    [whole] = polls("reviewed")
    evaluations = [each for result in whole["simulation_results"] for each in result["evaluations"]]
    metrics = [
        each for scored in evaluations for each in scored["custom_metrics"] if each.get("human_edited")
    ]
    for name in ("goal_success", "hallucination"):
        answers = [(each[name], each.get(f"human_{name}")) for each in evaluations]
        assert {pair for pair in answers if None not in pair} == {(True, False), (False, True)}
    scores = [(each["response_value"], each["human_response_value"]) for each in metrics]
    assert {("2", "4"), ("5", "4")} <= {*scores}


@pytest.mark.parametrize(("name", "passed"), [("reviewed", 8), ("reviewed_uncounted", 7)])
def test_counters_may_count_a_reviewed_run_before_or_after_its_corrections(name: str, passed: int) -> None:
    run = SimulationRun.from_bytes(SCENARIOS[name].bodies[-1])
    assert run.response.simulation_run.tests_passed == passed
    assert len(run.passed) == 8
    assert gate(run).decision is Decision.SHIP


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_scenarios_fields_do_not_contradict_each_other(name: str) -> None:
    """harness/test_checks.py applies the rules to every scenario; no rule checks these properties."""
    assert [wrong for document in polls(name) for wrong in wrong_in_a_run(document)] == []


def wrong_in_a_run(document: Document) -> Iterator[str]:
    results = document["simulation_results"] or []
    ids = [each["id"] for result in results for each in result.get("evaluations") or ()]
    if len(set(ids)) < len(ids):
        yield "two evaluations have one id"
    for result in results:
        if result["status"] in UNDER_WAY and result["evaluations"]:
            yield f"{result['id']} is under way and has a score"
        if result.get("end_time"):
            start, end = (datetime.fromisoformat(result[name]) for name in ("start_time", "end_time"))
            lasted = end.replace(tzinfo=None) - start.replace(tzinfo=None)
            if result["duration"] not in (lasted // timedelta(milliseconds=1), lasted.total_seconds()):
                yield f"{result['id']} has a duration that is its length in neither unit"
