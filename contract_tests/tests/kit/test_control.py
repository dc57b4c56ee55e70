"""The valid response of each documented response is served before the mutants that are made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from contract_kit.catalogue import Catalogue
from contract_kit.clients import Outcome
from contract_kit.control import compared
from contract_kit.matrix import Matrix, Row, Verdict
from contract_kit.model import Expect
from contract_kit.prove import prove

from .calls import Write
from .documents import catalogue, json_response, openapi
from .fakes import mutant

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
OBJECT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
HAL = "200 application/hal+json"
RECEIVED = """\
try: response = urllib.request.urlopen(url + "/orders/7")
except urllib.error.HTTPError as error: response = error
kind = response.headers.get_content_type()
try: order = json.load(response)
except ValueError: raise RefusedError
"""


def orders(folder: Path, *labels: str) -> Catalogue:
    """Return the mutants of an operation with these responses, of which the 200 has two content types."""
    responses: dict[str, Any] = {label: json_response(OBJECT) for label in labels}
    if "200" in responses:
        responses["200"]["content"]["application/hal+json"] = {"schema": OBJECT}
    operation = {"operationId": "getOrder", "parameters": [ID], "responses": responses}
    return catalogue(folder, openapi({"/orders/{id}": {"get": operation}}))


def verdicts(matrix: Matrix, label: str) -> set[Verdict]:
    """Return the verdicts of the mutants that break a keyword in a response."""
    return {each.verdict for each in matrix.rows if each.id.startswith(f"getOrder:{label}:required:")}


@pytest.mark.parametrize(
    ("refuses", "label", "verdict", "controls"),
    [
        ("kind != 'application/json'", HAL, Verdict.TOLERATED, []),
        ("response.status >= 400", "404", Verdict.REFUSED_BY_STATUS, []),
        ("response.status != 200", "201", Verdict.INCONCLUSIVE, ["getOrder:201:control"]),
    ],
)
def test_a_refused_valid_response_decides_whether_its_mutants_count(
    client: Write, tmp_path: Path, refuses: str, label: str, verdict: Verdict, controls: list[str]
) -> None:
    subject = client(f"{RECEIVED}if {refuses} or 'id' not in order: raise RefusedError")
    matrix = prove(orders(tmp_path, "200", "201", "404"), subject)
    assert verdicts(matrix, "200") == {Verdict.REFUSED_BY_BODY}
    assert verdicts(matrix, label) == {verdict}
    assert [each.id for each in matrix.controls] == controls


def test_only_the_response_whose_valid_body_crashes_the_client_is_inconclusive(
    client: Write, tmp_path: Path
) -> None:
    subject = client(f"{RECEIVED}if response.status == 404: raise KeyError('id')")
    matrix = prove(orders(tmp_path, "200", "404"), subject)
    assert verdicts(matrix, "200") == {Verdict.BELIEVED}
    assert verdicts(matrix, "404") == {Verdict.INCONCLUSIVE}
    detail = "the client crashed on the valid response: KeyError: 'id'"
    assert [(each.id, each.detail) for each in matrix.inconclusive] == [("getOrder:404:control", detail)]


def test_an_inconclusive_operation_is_listed_once_for_all_its_responses(
    client: Write, tmp_path: Path
) -> None:
    matrix = prove(orders(tmp_path, "200", "404"), client(f"{RECEIVED}raise KeyError"))
    assert [each.id for each in matrix.inconclusive] == ["getOrder:control"]
    assert set(matrix.counts) == {Verdict.INCONCLUSIVE}


def test_a_client_may_raise_if_the_only_response_is_an_error(client: Write, tmp_path: Path) -> None:
    matrix = prove(orders(tmp_path, "404"), client(f"{RECEIVED}raise RefusedError"))
    assert matrix.inconclusive == ()
    assert verdicts(matrix, "404") == {Verdict.REFUSED_BY_STATUS}


def test_a_client_may_refuse_a_redirect(tmp_path: Path) -> None:
    found = orders(tmp_path, "200", "302")
    assert found.control(found.operations[0], "302").expect is Expect.EITHER


@pytest.mark.parametrize("outcome", [Outcome.BELIEVED, Outcome.CRASHED])
def test_only_refusals_of_a_mutant_are_compared_with_its_valid_response(outcome: Outcome) -> None:
    row = Row.of(mutant("broken"), outcome, "")
    assert compared(row, evolve(row, outcome=Outcome.REFUSED)) == row
