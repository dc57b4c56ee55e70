"""Whether the scenarios conform to the contract, which the stub itself never reads."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.stub import SCENARIOS

CONTRACT = yaml.safe_load(Path(__file__).parents[3].joinpath("openapi.yaml").read_bytes())
RESPONSE = {"$ref": "#/components/schemas/SimulationResultsResponse", "components": CONTRACT["components"]}
VALIDATOR = jsonschema_rs.Draft202012Validator(RESPONSE, validate_formats=True)
DELIBERATE: dict[str, list[list[str]]] = {
    "unknown_status": [["simulation_run", "status"]],
    "zoneless_times": [["simulation_run", "created_at"], ["simulation_results"]],
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_breaks_the_schema_only_where_it_is_meant_to(name: str) -> None:
    broken = [
        error.instance_path
        for body in SCENARIOS[name].bodies
        for error in VALIDATOR.iter_errors(json.loads(body))
    ]
    assert broken == DELIBERATE.get(name, [])


def test_the_scenario_unknown_fields_has_one_in_every_kind_of_object() -> None:
    found = check(Contract.load(), Exchange.saved(SCENARIOS["unknown_fields"].bodies[0]))
    new = [re.sub(r"\[\d+\]", "[]", failure.path) for failure in found if failure.rule == "unknown-field"]
    assert len({path.rpartition(".")[0] for path in new}) == 11
