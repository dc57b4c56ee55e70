"""The catalogue as a whole: its ids, samples and operations."""

from typing import Any

import pytest
from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError

from .documents import catalogue, gaps, json_response, openapi


def _wide(count: int) -> dict[str, Any]:
    """Return a document of many operations that share schemas."""
    thing = {
        "type": "object",
        "properties": {f"field{n}": {"type": "string", "minLength": 2} for n in range(9)},
    }
    responses = {"200": json_response({"$ref": "#/components/schemas/Thing"}), "default": json_response({})}
    paths = {f"/things{n}": {"get": {"operationId": f"get{n}", "responses": responses}} for n in range(count)}
    return openapi(paths, schemas={"Thing": thing})


def test_ids_are_unique_and_the_same_every_time() -> None:
    first, second = ([each.id for each in catalogue(_wide(5)).mutants()] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first)


def test_a_sample_is_spread_over_operations_and_keywords_and_the_same_every_time() -> None:
    sample, again = ([each.id for each in catalogue(_wide(20)).mutants(sample=60)] for _ in range(2))
    assert sample == again
    assert len(set(sample)) == 60
    assert len({each.partition(":")[0] for each in sample}) == 20
    assert {each.split(":")[2] for each in sample} == {"type", "minLength", "legal", "protocol"}


def test_only_the_requested_operations_give_mutants() -> None:
    assert {each.operation.id for each in catalogue(_wide(3)).mutants(["get1"])} == {"get1"}


def test_only_the_gaps_of_the_requested_operations_are_listed() -> None:
    paths = {
        f"/{name}": {
            "get": {
                "operationId": name,
                "responses": {
                    "200": json_response({"type": "string", "format": f"kind-of-{name}"}),
                    "404": json_response({"$ref": "#/nowhere"}),
                },
            }
        }
        for name in ("one", "two")
    }
    found = catalogue(openapi(paths))
    list(found.mutants(["one"]))
    assert [each.where for each in found.gaps(["one"])] == [
        "one 404",
        "#/paths/~1one/get/responses/200/content/application~1json/schema",
    ]
    assert len(gaps(found)) == 4


def _with_gaps(count: int) -> Catalogue:
    """Return operations that each have one response without mutants."""
    document = _wide(count)
    for path in document["paths"].values():
        path["get"]["responses"] = path["get"]["responses"] | {"404": json_response({"$ref": "#/nowhere"})}
    return catalogue(document)


@pytest.mark.parametrize("how", [{"sample": 1}, {"operations": ["get1"]}])
def test_an_operation_is_read_only_if_its_mutants_are_needed(how: dict[str, Any]) -> None:
    found = _with_gaps(3)
    list(found.mutants(**how))
    assert len(found.gaps()) == 1


def test_the_first_mutant_arrives_before_the_next_operation_is_read() -> None:
    found = _with_gaps(3)
    next(found.mutants())
    assert len(found.gaps()) == 1


def test_a_valid_response_of_an_operation_arrives_before_the_operation_is_read_for_mutants() -> None:
    found = _with_gaps(3)
    assert found.valid(found.operation("get1")).status == 200
    assert len(found.gaps()) == 1


def test_a_mutant_is_found_by_its_id_and_by_its_key() -> None:
    found = catalogue(_wide(2))
    mutant = list(found.mutants())[7]
    assert found.mutant(mutant.id) == mutant
    assert found.mutant(mutant.key) == mutant
    assert found.mutant("other") is None


def test_the_error_about_an_unknown_operation_names_the_most_similar_one() -> None:
    with pytest.raises(KitError, match="Did you mean get1"):
        catalogue(_wide(2)).mutants(["gte1"])
    with pytest.raises(KitError, match="`contract-kit mutants` lists them"):
        catalogue(_wide(2)).mutants(["nope"])
