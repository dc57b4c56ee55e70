"""Whether the scenarios keep to the contract, which the stub itself never reads."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from bluejay_contract.stub import SCENARIOS

CONTRACT = yaml.safe_load(Path(__file__).parents[3].joinpath("openapi.yaml").read_bytes())
RESPONSE = {"$ref": "#/components/schemas/SimulationResultsResponse", "components": CONTRACT["components"]}
STRICT = jsonschema_rs.Draft202012Validator(RESPONSE, validate_formats=True)
FORMATS_ASIDE = jsonschema_rs.Draft202012Validator(RESPONSE, validate_formats=False)


def breaches(name: str, contract: jsonschema_rs.Draft202012Validator = STRICT) -> list[list[str | int]]:
    """Where the bodies of a scenario break the contract."""
    documents = map(json.loads, SCENARIOS[name].bodies)
    return [error.instance_path for document in documents for error in contract.iter_errors(document)]


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"unknown_status", "zoneless_times"}))
def test_a_scenario_keeps_to_the_contract(name: str) -> None:
    assert breaches(name) == []


def test_unknown_status_breaks_the_contract_in_the_status_of_the_run_alone() -> None:
    assert breaches("unknown_status") == [["simulation_run", "status"]]


def test_zoneless_times_break_the_contract() -> None:
    assert breaches("zoneless_times") == [["simulation_run", "created_at"], ["simulation_results"]]


def test_zoneless_times_break_the_contract_in_their_format_alone() -> None:
    assert breaches("zoneless_times", FORMATS_ASIDE) == []


def test_the_reference_scenario_is_the_contracts_own_example() -> None:
    assert (
        json.loads(SCENARIOS["reference"].bodies[0])
        == CONTRACT["components"]["examples"]["reference"]["value"]
    )


def undocumented(node: Any, schema: dict[str, Any], path: str = "$") -> dict[str, set[str]]:
    """By the path of every documented object: its keys that the contract does not describe."""
    schema = resolved(schema, type(node))
    if isinstance(node, list):
        items = schema.get("items", {})
        return {at: keys for item in node for at, keys in undocumented(item, items, f"{path}[]").items()}
    if not isinstance(node, dict) or "properties" not in schema:
        return {}
    found = {path: node.keys() - schema["properties"].keys()}
    for key in node.keys() & schema["properties"].keys():
        found |= undocumented(node[key], schema["properties"][key], f"{path}.{key}")
    return found


def resolved(schema: dict[str, Any], kind: type) -> dict[str, Any]:
    """The schema that a value of this kind is under, with references and unions followed."""
    if "$ref" in schema:
        return resolved(CONTRACT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], kind)
    if "anyOf" in schema:
        options = (resolved(option, kind) for option in schema["anyOf"])
        wanted = "object" if kind is dict else "array"
        return next((option for option in options if option.get("type") == wanted), {})
    return schema


def test_unknown_fields_has_one_in_every_object() -> None:
    """A result is read leniently only if that holds at every level."""
    [body] = SCENARIOS["unknown_fields"].bodies
    by_path = undocumented(json.loads(body), {"$ref": "#/components/schemas/SimulationResultsResponse"})
    assert (len(by_path), [path for path, keys in by_path.items() if not keys]) == (11, [])


def test_no_other_scenario_has_an_undocumented_field() -> None:
    response = {"$ref": "#/components/schemas/SimulationResultsResponse"}
    found = {
        (name, path): keys
        for name in SCENARIOS.keys() - {"unknown_fields"}
        for body in SCENARIOS[name].bodies
        for path, keys in undocumented(json.loads(body), response).items()
        if keys
    }
    assert found == {}
