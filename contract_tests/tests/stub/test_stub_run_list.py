"""A simulation's runs, as listed by the stub."""

import json
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Stub, run

COUNTED = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")
SAME = ("created_at", "status", *COUNTED)


def listed(api: httpx.Client, simulation_id: str) -> list[Any]:
    runs: list[Any] = api.get(f"get-simulation-runs/{simulation_id}").json()["simulation_runs"]
    return runs


@pytest.mark.parametrize("simulation_id", ["731", "733"])
def test_a_run_is_the_same_in_the_list_and_with_its_results(api: httpx.Client, simulation_id: str) -> None:
    for each in listed(api, simulation_id):
        shown = api.get(f"retrieve-simulation-results/{each['id']}?limit=1").json()["simulation_run"]
        assert shown["simulation_id"] == str(each["experiment_id"]) == simulation_id
        assert {name: each[name] for name in SAME} == {name: shown[name] for name in SAME}


def test_a_scenarios_run_is_listed_among_its_simulations_runs(api: httpx.Client) -> None:
    for scenario in SCENARIOS.values():
        assert json.loads(scenario.bodies[0])["simulation_run"]["simulation_id"] == scenario.simulation_id
        if scenario.name not in {"reference", "large"}:
            assert int(scenario.run_id) in [each["id"] for each in listed(api, scenario.simulation_id)]


def test_the_list_of_runs_is_not_sorted(api: httpx.Client) -> None:
    times = [each["created_at"] for each in listed(api, "731")]
    assert len(set(times)) == len(times) > 2
    assert times not in (sorted(times), sorted(times, reverse=True))


def test_polling_a_run_changes_its_status_in_the_list_of_runs(api: httpx.Client) -> None:
    seen = []
    for _ in SCENARIOS["advancing"].bodies:
        api.get("retrieve-simulation-results/48215")
        seen += [each["status"] for each in listed(api, "733") if each["id"] == 48215]
    assert (seen[0], seen[-1]) == ("INITIALIZING", "COMPLETED")


@pytest.mark.parametrize(
    ("status", "step"),
    [("INITIALIZING", 1), ("RUNNING", 1), ("COMPLETED", 4), ("INCOMPLETED", 4), (None, None)],
)
def test_a_listed_runs_status_determines_its_step_id(
    stub: Stub, api: httpx.Client, status: str | None, step: int | None
) -> None:
    stub.serve_simulation("740", [run(passed=1, status=status)])
    assert [each["curr_step_id"] for each in listed(api, "740")] == [step]


def test_the_runs_served_for_a_simulation_can_be_listed_and_read(stub: Stub, api: httpx.Client) -> None:
    stub.serve_simulation("740", [run(failed=each, id=str(50_000 + each)) for each in range(5)])
    assert {each["id"]: each["tests_failed"] for each in listed(api, "740")}[50_003] == 3
    shown = api.get("retrieve-simulation-results/50002").json()["simulation_run"]
    assert (shown["simulation_id"], shown["total_tests"]) == ("740", 2)
    with pytest.raises(ValueError, match="same id"):
        stub.serve_simulation("740", [run(passed=1), run(failed=1)])
