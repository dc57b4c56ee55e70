"""The runs of a simulation, as the stub lists them."""

import json
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run, run_list

COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


def listed(api: httpx.Client, simulation_id: str) -> list[Any]:
    runs: list[Any] = api.get(f"get-simulation-runs/{simulation_id}").json()["simulation_runs"]
    return runs


@pytest.mark.parametrize("simulation_id", ["731", "733"])
def test_a_listed_run_agrees_with_its_results(api: httpx.Client, simulation_id: str) -> None:
    for each in listed(api, simulation_id):
        shown = api.get(f"retrieve-simulation-results/{each['id']}?limit=1").json()["simulation_run"]
        assert shown["simulation_id"] == str(each["experiment_id"]) == simulation_id
        assert {name: each[name] for name in ("created_at", "status", *COUNTERS)} == {
            name: shown[name] for name in ("created_at", "status", *COUNTERS)
        }


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"reference", "large"}))
def test_a_scenario_is_in_the_list_of_its_simulation(api: httpx.Client, name: str) -> None:
    scenario = SCENARIOS[name]
    assert json.loads(scenario.bodies[0])["simulation_run"]["simulation_id"] == scenario.simulation_id
    assert int(scenario.run_id) in [each["id"] for each in listed(api, scenario.simulation_id)]


def test_the_list_of_runs_is_not_sorted(api: httpx.Client) -> None:
    times = [each["created_at"] for each in listed(api, "731")]
    assert len(set(times)) == len(times) == 13
    assert times not in (sorted(times), sorted(times, reverse=True))


def test_the_list_of_runs_advances_with_the_polls_of_a_run(api: httpx.Client) -> None:
    seen = []
    for _ in SCENARIOS["advancing"].bodies:
        api.get("retrieve-simulation-results/48215")
        seen += [each["status"] for each in listed(api, "733") if each["id"] == 48215]
    assert (seen[0], seen[-1]) == ("INITIALIZING", "COMPLETED")


@pytest.mark.parametrize("simulation_id", ["999", "<string>", "x"])
def test_an_unknown_simulation_gets_a_404(api: httpx.Client, simulation_id: str) -> None:
    response = api.get(f"get-simulation-runs/{simulation_id}")
    assert response.status_code == 404
    assert response.json() == {"detail": "Simulation not found"}


def test_a_list_of_any_runs_can_be_built_and_served(stub: Stub, api: httpx.Client) -> None:
    document = run_list([run(passed=2, id="1"), run(failed=1, id="2")])
    stub.serve_runs("733", Answer.json(document), Answer(b"", 500))
    assert {each["id"]: each["tests_passed"] for each in listed(api, "733")} == {1: 2, 2: 0}
    assert api.get("get-simulation-runs/733").status_code == 500


def test_built_runs_are_served_by_id_and_listed_as_the_runs_of_a_simulation(
    stub: Stub, api: httpx.Client
) -> None:
    stub.serve_simulation("740", [run(failed=each, id=str(50_000 + each)) for each in range(5)])
    assert sorted(each["id"] for each in listed(api, "740")) == list(range(50_000, 50_005))
    shown = api.get("retrieve-simulation-results/50002").json()["simulation_run"]
    assert (shown["simulation_id"], shown["total_tests"]) == ("740", 2)


def test_two_runs_of_a_simulation_with_the_same_id_are_refused(stub: Stub) -> None:
    with pytest.raises(ValueError, match="same id"):
        stub.serve_simulation("740", [run(passed=1), run(failed=1)])
