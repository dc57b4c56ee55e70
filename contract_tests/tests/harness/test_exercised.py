"""How much of the contract the scenarios exercise."""

from bluejay_contract.contract import Contract
from bluejay_contract.exercised import exercised
from bluejay_contract.operations import RESULT, RESULTS

from .exchanges import contract_with_a_new_field


def test_the_scenarios_exercise_all_of_a_200_except_the_absence_of_two_fields() -> None:
    left_out = {
        "retrieve_simulation_result 200: without status at "
        "/components/schemas/SingleSimulationResultResponse",
        "queue_simulation_run 200: without status at /components/schemas/SimulationRunResponse",
    }
    assert {line for line in exercised(Contract.load()).missing if " 200: " in line} == left_out, (
        "Send it in a scenario: contract_tests/bluejay_contract/stub/scenarios/parts.py makes the objects."
    )


def test_a_new_field_of_the_contract_is_reported_until_a_scenario_sends_it() -> None:
    found = exercised(contract_with_a_new_field())
    assert [line for line in found.missing if "added_by_a_test" in line] == [
        f"{operation} 200: {what}"
        for operation in (RESULTS, RESULT)
        for what in (
            "with added_by_a_test at /components/schemas/Event",
            "type integer at /components/schemas/Event/properties/added_by_a_test",
        )
    ]
