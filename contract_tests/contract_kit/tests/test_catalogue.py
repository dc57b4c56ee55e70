"""Mutant ids, samples, and which operations are read."""

from typing import Any

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError

from .documents import catalogue, json_response, openapi


def _wide(count: int) -> dict[str, Any]:
    """Return a document with many operations that share schemas."""
    thing = {
        "type": "object",
        "properties": {f"field{n}": {"type": "string", "minLength": 2} for n in range(9)},
    }
    responses = {"200": json_response({"$ref": "#/components/schemas/Thing"}), "default": json_response({})}
    paths = {f"/things{n}": {"get": {"operationId": f"get{n}", "responses": responses}} for n in range(count)}
    return openapi(paths, schemas={"Thing": thing})


def test_mutant_ids_are_unique() -> None:
    ids = [each.id for each in catalogue(_wide(5)).mutants()]
    assert len(set(ids)) == len(ids)


def test_a_sample_of_mutants_is_the_same_each_time() -> None:
    drawn = list(catalogue(_wide(20)).mutants(sample=60))
    sample = [each.id for each in drawn]
    assert sample == [each.id for each in catalogue(_wide(20)).mutants(sample=60)]
    assert len(set(sample)) == 60
    assert len({each.partition(":")[0] for each in sample}) == 20
    assert {each.group for each in drawn} == {"type", "minLength", "legal", "protocol"}


def _with_gaps(count: int) -> Catalogue:
    """Return a catalogue whose operations each have one response without mutants."""
    document = _wide(count)
    for path in document["paths"].values():
        path["get"]["responses"] |= {"404": json_response({"$ref": "#/nowhere"})}
    return catalogue(document)


def test_only_mutants_for_the_requested_operations_are_listed() -> None:
    found = _with_gaps(2)
    assert {each.operation.id for each in found.mutants(["get1"])} == {"get1"}
    assert [each.where for each in found.gaps()] == ["get1 404"]
    list(found.mutants())
    assert [each.where for each in found.gaps(["get1"])] == ["get1 404"]
    assert len(found.gaps()) == 2


def test_an_operation_is_not_read_before_it_is_needed() -> None:
    found = _with_gaps(3)
    next(found.mutants())
    found.valid(found.operation("get0"))
    assert len(found.gaps()) == 1


def test_a_mutant_is_found_by_its_id_and_by_its_key() -> None:
    found = catalogue(_wide(2))
    mutant = list(found.mutants())[7]
    assert found.mutant(mutant.id) == mutant
    assert found.mutant(mutant.key) == mutant
    assert found.mutant("other") is None


@pytest.mark.parametrize("attribute", ["id", "key"])
def test_other_operations_are_not_read_to_find_a_mutant(attribute: str) -> None:
    name = getattr(next(_with_gaps(3).mutants(["get1"])), attribute)
    found = _with_gaps(3)
    assert found.mutant(name)
    assert [each.where for each in found.gaps()] == ["get1 404"]


def test_planned_mutants_are_counted_up_to_a_limit() -> None:
    found = catalogue(_wide(2))
    proved = len(list(found.mutants(["get1"])))
    assert proved <= found.count(["get1"], 1_000) <= proved * 1.1
    assert found.count((), 3) == 3


def test_an_unknown_operation_or_an_empty_sample_is_refused() -> None:
    found = catalogue(_wide(2))
    with pytest.raises(KitError, match="get1"):
        found.mutants(["gte1"])
    with pytest.raises(KitError, match="0"):
        found.mutants(sample=0)
