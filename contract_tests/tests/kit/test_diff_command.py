"""`contract-kit diff`: the client's verdict, exit codes, formats and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .command import DOCUMENT, Ended, run

pytestmark = pytest.mark.usefixtures("folder")

REFUSES = ("--refuses", "client:RefusedError")
NAIVE, STRICT = ("--client", "client:naive", *REFUSES), ("--client", "client:right", *REFUSES)
NEW_VALUE = ("enum: [open, paid]", "enum: [open, paid, late]")
NEW_OPERATION = ("  /orders:\n", "  /orders:\n    get: {responses: {'204': {description: None}}}\n")
SHORTER = ("maxLength: 10", "maxLength: 9")
"""A text of the document, and the text that replaces it in the new version."""


def diff(capsys: pytest.CaptureFixture[str], change: tuple[str, str], *options: str) -> Ended:
    """Compare the document with a version in which some text is replaced."""
    Path("new.yaml").write_text(DOCUMENT.replace(*change))
    return run(capsys, "diff", "orders.yaml", "new.yaml", *options)


def as_json(capsys: pytest.CaptureFixture[str], change: tuple[str, str], *options: str) -> dict[str, Any]:
    ended = diff(capsys, change, *options, "--format", "json")
    found: dict[str, Any] = json.loads(ended.out)
    assert ended.code == found["breaks"]
    return found


def test_a_breaking_change_is_listed_with_its_witness(capsys: pytest.CaptureFixture[str]) -> None:
    ended = diff(capsys, NEW_VALUE)
    assert ended.code == 1
    assert ended.err == ""
    head, row = (line.split() for line in ended.out.splitlines()[:2])
    assert head == ["change", "where", "uses", "breaking", "on", "paper"]
    name, location = "response-property-enum-value-added", "/components/schemas/Order/properties/status"
    assert row == [name, location, '"late"', "2", "yes"]
    assert "  GET /orders/{id} 200 application/json, and 1 more\n" in ended.out
    assert '{"id": 1, "status": "late"}\n' in ended.out


def test_a_document_without_a_breaking_change_is_never_called_compatible(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, NEW_OPERATION)
    assert ended.code == 0
    assert ended.out.startswith("Breaking changes: none found in 4 requests and responses.\n")
    assert "  endpoint-added  GET /orders\n" in ended.out
    assert "compatible" not in ended.out


def test_a_client_that_believes_the_witness_is_not_broken_by_the_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, NEW_VALUE, *NAIVE)
    assert ended.code == 0
    head, row = ended.out.splitlines()[:2]
    assert head.endswith("uses  breaking on paper  breaks you")
    assert row.split()[-3:] == ["2", "yes", "no"]


def test_a_client_that_refuses_the_witness_is_broken_by_the_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, NEW_VALUE, *STRICT)
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-1] == "refused"
    assert "    the client refused: RefusedError: invalid\n" in ended.out


def test_a_client_that_crashes_on_the_witness_is_broken_by_the_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Path("client.py").open("a") as file:
        file.write("def crashing(*call): return {'open': 1, 'paid': 2}[naive(*call)['status']]\n")
    ended = diff(capsys, NEW_VALUE, "--client", "client:crashing", *REFUSES)
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-1] == "crashed"


def test_a_client_that_refuses_only_one_of_the_witnesses_is_broken_by_the_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Path("client.py").open("a") as file:
        file.write(
            "def half(url, name, given): return (naive if name == 'getOrder' else right)(url, name, given)\n"
        )
    ended = diff(capsys, NEW_VALUE, "--client", "client:half", *REFUSES)
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-1] == "refused"


def test_a_change_is_inconclusive_if_the_client_refuses_valid_responses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, NEW_VALUE, "--client", "client:picky", *REFUSES)
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-1] == "inconclusive"


def test_a_breaking_change_of_requests_fails_whatever_the_client_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, SHORTER, *NAIVE)
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-2:] == ["not", "served"]


def test_a_client_that_requests_nothing_exits_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    Path("client.py").write_text("def call(url, operation, arguments): return None\n")
    ended = diff(capsys, NEW_VALUE, "--client", "client:call")
    assert ended.code == 3
    assert ended.err.startswith("contract-kit: No call requested its response.")


def test_json_contains_the_whole_witness_and_what_the_client_did(capsys: pytest.CaptureFixture[str]) -> None:
    (change,) = as_json(capsys, NEW_VALUE, *STRICT)["changes"]
    assert change["witness"]["value"] == {"id": 1, "status": "late"}
    assert [use["operation"] for use in change["witness"]["uses"]] == ["getOrder", "createOrder"]
    assert (change["is_breaking"], change["breaks"], change["did"]) == (True, True, "refused")


def test_markdown_has_a_row_for_each_change(capsys: pytest.CaptureFixture[str]) -> None:
    ended = diff(capsys, NEW_VALUE, *NAIVE, "--format", "markdown")
    rows = [line for line in ended.out.splitlines() if line.startswith("| response-")]
    assert len(rows) == 1
    assert rows[0].endswith("| 2 | yes | no |")


def test_the_option_all_lists_every_change(capsys: pytest.CaptureFixture[str]) -> None:
    values = ", ".join(f"value{number}" for number in range(30))
    change = (NEW_VALUE[0], f"enum: [open, paid, {values}]")
    assert diff(capsys, change).out.count("response-property-enum-value-added  ") == 20
    assert diff(capsys, change, "--all").out.count("response-property-enum-value-added  ") == 30


def test_the_option_operation_compares_only_the_named_operations(capsys: pytest.CaptureFixture[str]) -> None:
    ended = diff(capsys, NEW_VALUE, "--operation", "getOrder")
    assert ended.code == 1
    assert ended.out.splitlines()[1].split()[-2:] == ["1", "yes"]
    assert "  GET /orders/{id} 200 application/json\n" in ended.out
    both = diff(capsys, NEW_VALUE, "--operation", "getOrder", "--operation", "createOrder")
    assert both.out.splitlines()[1].split()[-2:] == ["2", "yes"]


def test_a_change_of_another_operation_than_the_named_one_is_not_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, SHORTER, "--operation", "getOrder")
    assert ended.code == 0
    assert ended.out == "Breaking changes: none found in 2 requests and responses.\n"


@pytest.mark.parametrize("name", ["getOrder", "fetchOrder"], ids=["old id", "new id"])
def test_an_operation_whose_id_changed_can_be_named_by_either_id(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    ended = diff(capsys, ("operationId: getOrder", "operationId: fetchOrder"), "--operation", name)
    assert ended.out == "Breaking changes: none found in 2 requests and responses.\n"


def test_an_operation_that_only_the_new_version_has_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    ended = diff(capsys, NEW_OPERATION, "--operation", "GET /orders")
    assert ended.code == 0
    assert "  endpoint-added  GET /orders\n" in ended.out


def test_an_unknown_operation_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ended = diff(capsys, NEW_VALUE, "--operation", "getOrders")
    assert ended.code == 2
    assert ended.err == "contract-kit: Neither version has an operation 'getOrders'. Did you mean getOrder?\n"


def test_the_same_file_twice_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "diff", "orders.yaml", "./orders.yaml")
    assert ended.code == 2
    assert ended.err == (
        "contract-kit: OLD and NEW are the same file, orders.yaml. Name two versions of the document.\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: 3.1.0\npaths: [", "new.yaml, line 3"),
        ("swagger: '2.0'\npaths: {}", "new.yaml is Swagger 2.0."),
        ("openapi: 3.0.0\npaths: {}", "new.yaml has no operation"),
        ("{}", "new.yaml is not an OpenAPI document"),
    ],
)
def test_a_broken_document_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    Path("new.yaml").write_text(text)
    ended = run(capsys, "diff", "orders.yaml", "new.yaml")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert said in ended.err


def test_documents_of_two_openapi_versions_are_compared_with_a_note(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = diff(capsys, ("openapi: 3.0.3", "openapi: 3.1.0"))
    assert "OLD is OpenAPI 3.0.3, NEW is 3.1.0: both are compared as JSON Schema 2020-12.\n" in ended.out


def test_the_option_refuses_without_a_client_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(capsys, NEW_VALUE, *REFUSES).code == 2
