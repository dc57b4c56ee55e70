"""Every report warns of references whose target doesn't exist in the files, and `test` and `diff` fail."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from .command import DOCUMENT, NAIVE, RIGHT, Run
from .documents import json_response
from .tables import table

MISSING = "#/components/schemas/Mony"
PICKY = ("orders.yaml", "--client", "client:picky", "--refuses", "client:RefusedError")


def document(reference: Any = MISSING, **changes: Any) -> dict[str, Any]:
    """Return the document for the clients in `client.py`, plus a 404 whose schema has this reference."""
    found: dict[str, Any] = yaml.safe_load(DOCUMENT)
    refers = {"properties": {"price": {"$ref": reference}}}
    found["paths"]["/orders/{id}"]["get"]["responses"]["404"] = json_response(refers)
    found["components"]["schemas"]["Order"]["properties"]["note"] |= changes
    return found


@pytest.fixture
def tested(kit: Run) -> Run:
    """Return a function that tests a client with a few of `document`'s mutants."""
    written()
    return lambda *arguments: kit("test", *arguments, "--sample", "5")


def written(name: str = "orders.yaml", **options: Any) -> None:
    Path(name).write_text(json.dumps(document(**options)))


@table("client, code, allowed", [(RIGHT, 2, 0), (NAIVE, 1, 1), (PICKY, 2, 4)])
def test_a_fault_takes_precedence_over_a_broken_reference_in_the_exit_code(
    tested: Run, client: tuple[str, ...], code: int, allowed: int
) -> None:
    ended = [tested(*client, *options) for options in ((), ("--allow-uncovered",))]
    assert [each.code for each in ended] == [code, allowed]
    assert all(MISSING in each.out for each in ended)


@table(
    "old, new, options, code",
    [
        ({"reference": "#/info"}, {}, (), 2),
        ({}, {"maxLength": 9}, (), 2),
        ({}, {"maxLength": 9}, ("--allow-uncovered",), 0),
        ({}, {"reference": "#/info", "maxLength": 9}, (), 0),
        ({}, {"maxLength": 11}, (), 1),
    ],
)
def test_diff_fails_if_a_reference_in_the_new_version_is_broken(
    kit: Run, old: dict[str, Any], new: dict[str, Any], options: tuple[str, ...], code: int
) -> None:
    written("old.json", **old)
    written("new.json", **new)
    ended = kit("diff", "old.json", "new.json", "--operation", "getOrder", *options)
    assert (ended.code, ended.out.count(MISSING)) == (code, 1)
