"""Operations are read only when they are needed, and unknown ones are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError

from .documents import catalogue, json_response, openapi
from .tables import table

THING = {"type": "object", "properties": {f"field{n}": {"type": "string", "minLength": 2} for n in range(9)}}


def with_gaps(count: int) -> Catalogue:
    """Return the mutants of operations that each have one response without mutants."""
    responses = {
        "200": json_response({"$ref": "#/components/schemas/Thing"}),
        "404": json_response({"$ref": "#/no"}),
    }
    paths = {f"/things{n}": {"get": {"operationId": f"get{n}", "responses": responses}} for n in range(count)}
    return catalogue(openapi(paths, schemas={"Thing": THING}))


def test_a_sample_is_the_same_each_time_and_spread_over_operations_and_groups() -> None:
    drawn = list(with_gaps(20).mutants(sample=60))
    assert drawn == list(with_gaps(20).mutants(sample=60))
    assert (len({each.id for each in drawn}), len({each.operation.id for each in drawn})) == (60, 20)
    assert {each.group for each in drawn} == {"type", "minLength", "legal", "protocol"}


FIRST = next(with_gaps(3).mutants(["get1"]))


@table(
    "needed, read",
    [
        (lambda found: next(found.mutants()), ["get0 404"]),
        (lambda found: found.valid(found.operation("get2")), ["get2 404"]),
        (lambda found: found.mutant(FIRST.id), ["get1 404"]),
        (lambda found: found.mutant(FIRST.key), ["get1 404"]),
        (lambda found: found.mutant("other"), []),
        (lambda found: list(found.mutants(["get1"])), ["get1 404"]),
        (lambda found: found.count(["get1"], 5), ["get1 404"]),
    ],
)
def test_only_the_operation_that_is_needed_is_read(
    needed: Callable[[Catalogue], Any], read: list[str]
) -> None:
    found = with_gaps(3)
    assert needed(found) or not read
    assert [each.where for each in found.gaps()] == read


def test_the_gaps_of_chosen_operations_are_listed() -> None:
    found = with_gaps(2)
    list(found.mutants())
    assert [[each.where for each in found.gaps(names)] for names in (["get1"], [])] == [
        ["get1 404"],
        ["get0 404", "get1 404"],
    ]


def test_an_unknown_operation_or_an_empty_sample_is_refused() -> None:
    with pytest.raises(KitError, match="get1"):
        with_gaps(2).mutants(["gte1"])
    with pytest.raises(KitError, match="0"):
        with_gaps(2).mutants(sample=0)
