"""How much of the contract the scenarios exercise."""

import copy

from bluejay_contract.contract import Contract
from bluejay_contract.exercised import exercised

CONTRACT = Contract.load()


def test_the_scenarios_exercise_all_of_a_200() -> None:
    assert [line for line in exercised(CONTRACT).missing if " 200: " in line] == []


def test_a_new_field_of_the_contract_is_missing_until_a_scenario_has_it() -> None:
    document = copy.deepcopy(CONTRACT.document)
    document["components"]["schemas"]["Event"]["properties"]["severity"] = {"type": "integer"}
    found = exercised(Contract(document))
    assert [line for line in found.missing if "severity" in line] == [
        "retrieve_simulation_results 200: with severity at /components/schemas/Event",
        "retrieve_simulation_results 200: type integer at /components/schemas/Event/properties/severity",
    ]
