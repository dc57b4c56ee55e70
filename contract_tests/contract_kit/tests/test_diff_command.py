"""The `contract-kit diff` command: client outcomes, exit codes, formats and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from contract_kit.judge.client_run import run_mutants
from contract_kit.judge.results import Results

from .command import CLIENT, DOCUMENT, Ended, run

pytestmark = pytest.mark.usefixtures("folder")

NEW_VALUE = ("enum: [open, paid]", "enum: [open, paid, late]")
NEW_OPERATION = ("  /orders:\n", "  /orders:\n    get: {responses: {'204': {description: None}}}\n")
NEW_ID = ("operationId: getOrder", "operationId: fetchOrder")
NEW_VERSION = ("openapi: 3.0.3", "openapi: 3.1.0")
SHORTER = ("maxLength: 10", "maxLength: 9")
"""A text in the document, and the text that replaces it in the new version."""
LATE = "response-property-enum-value-added"


def diff(capsys: pytest.CaptureFixture[str], change: tuple[str, str], *options: str) -> Ended:
    """Compare the document with a version in which some text is replaced."""
    Path("new.yaml").write_text(DOCUMENT.replace(*change))
    return run(capsys, "diff", "orders.yaml", "new.yaml", *options)


def as_json(capsys: pytest.CaptureFixture[str], change: tuple[str, str], *options: str) -> dict[str, Any]:
    ended = diff(capsys, change, *options, "--format", "json")
    found: dict[str, Any] = json.loads(ended.out)
    assert ended.err == ""
    assert ended.code == found["breaks"]
    return found


def of_client(name: str) -> tuple[str, ...]:
    return ("--client", f"client:{name}", "--refuses", "client:RefusedError")


def test_the_json_report_contains_each_changes_full_witness(capsys: pytest.CaptureFixture[str]) -> None:
    (change,) = as_json(capsys, NEW_VALUE)["changes"]
    assert change["rule"] == LATE
    assert change["location"] == "/components/schemas/Order/properties/status"
    assert (change["uses"], change["did"]) == (2, None)
    assert change["witness"]["value"] == {"id": 46, "status": "late"}
    assert change["witness"]["control"] == {"id": 46, "status": "paid"}
    assert [use["operation"] for use in change["witness"]["uses"]] == ["getOrder", "createOrder"]


@pytest.mark.parametrize(
    ("change", "client", "did", "breaks"),
    [
        (NEW_VALUE, "naive", "passed on", False),
        (NEW_VALUE, "right", "refused", True),
        (NEW_VALUE, "crashing", "crashed", True),
        (NEW_VALUE, "half", "refused", True),
        (NEW_VALUE, "other_half", "crashed", True),
        (NEW_VALUE, "shy", "inconclusive", True),
        (NEW_VALUE, "picky", "inconclusive", True),
        (SHORTER, "naive", None, True),
    ],
    ids=[
        *("accepts", "refuses", "crashes", "refuses one", "crashes and refuses", "asks for one only once"),
        *("refuses valid responses", "the request changed"),
    ],
)
def test_a_change_counts_as_breaking_unless_the_client_handles_its_witness(
    capsys: pytest.CaptureFixture[str], change: tuple[str, str], client: str, did: str | None, breaks: bool
) -> None:
    crashing = "def crashing(*call): return {'open': 1, 'paid': 2}[naive(*call)['status']]\n"
    half = "def half(url, name, given): return (naive if name == 'getOrder' else right)(url, name, given)\n"
    other_half = "def other_half(*call): return (crashing if call[1] == 'getOrder' else right)(*call)\n"
    shy = """\
def shy(url, name, given):
    if name == "getOrder":
        try: open("asked", "x").close()
        except FileExistsError: return None
    return naive(url, name, given)
"""
    Path("client.py").write_text(CLIENT + crashing + half + other_half + shy)
    (found,) = as_json(capsys, change, *of_client(client))["changes"]
    assert (found["on_paper"], found["did"], found["breaks"]) == ("yes", did, breaks)


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--fail-on", "unproven"), 1)])
def test_the_fail_on_option_can_make_an_unproven_change_a_failure(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], code: int
) -> None:
    server = "paths:", "servers: [{url: /v2}]\npaths:"
    assert diff(capsys, server, *options).code == code


def test_in_junit_a_breaking_change_is_a_failed_case_and_an_unproven_one_is_a_skipped_case(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = "paths:", "servers: [{url: /v2}]\npaths:"
    cases: list[tuple[tuple[str, str], tuple[str, ...]]]
    cases = [(NEW_VALUE, ()), (NEW_VALUE, of_client("naive")), (server, ())]
    written = [diff(capsys, change, *options, "--format", "junit").out for change, options in cases]
    found = [fromstring(each) for each in written]  # noqa: S314 - ours
    assert [[each.get(name) for name in ("failures", "skipped")] for each in found] == [
        ["1", "0"],
        ["0", "0"],
        ["0", "1"],
    ]


def test_the_options_for_calls_also_apply_to_witnesses(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def noted(*arguments: Any) -> Results:
        given.extend([arguments[1].timezone, *arguments[3:5]])
        return run_mutants(*arguments)

    monkeypatch.setattr("contract_kit.cli.diff.run_mutants", noted)
    diff(capsys, NEW_VALUE, *of_client("naive"), "--jobs", "1", "--timeout", "50", "--timezone", "UTC")
    assert given == ["UTC", 1, 50]


def test_the_exit_code_is_3_if_the_client_sends_no_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("client.py").write_text("def call(url, operation, arguments): return None\n")
    assert diff(capsys, NEW_VALUE, "--client", "client:call").code == 3


def test_every_change_is_listed_with_the_all_option(capsys: pytest.CaptureFixture[str]) -> None:
    values = ", ".join(f"value{number}" for number in range(30))
    change = (NEW_VALUE[0], f"enum: [open, paid, {values}]")
    assert diff(capsys, change).out.count(f"{LATE}  ") == 20
    assert diff(capsys, change, "--all").out.count(f"{LATE}  ") == 30


@pytest.mark.parametrize(
    ("change", "operations", "found"),
    [
        (NEW_VALUE, ["getOrder"], (2, [1])),
        (NEW_VALUE, ["getOrder", "createOrder"], (4, [2])),
        (NEW_ID, ["getOrder"], (2, [])),
        (NEW_ID, ["fetchOrder"], (2, [])),
        (NEW_OPERATION, ["GET /orders"], (0, [1])),
    ],
    ids=["one", "two", "old id", "new id", "new operation"],
)
def test_only_the_selected_operations_are_compared(
    capsys: pytest.CaptureFixture[str], change: tuple[str, str], operations: list[str], found: object
) -> None:
    options = [word for name in operations for word in ("--operation", name)]
    written = as_json(capsys, change, *options)
    assert (written["compared"], [each["uses"] for each in written["changes"]]) == found


def test_a_note_is_added_if_the_documents_have_different_openapi_versions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert len(as_json(capsys, NEW_VERSION)["notes"]) == 1
    assert as_json(capsys, NEW_VALUE)["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "datum"),
    [
        ("orders.yaml ./orders.yaml", "orders.yaml"),
        ("orders.yaml new.yaml --operation getOrders", "getOrder?"),
        ("orders.yaml new.yaml --refuses client:RefusedError", "--client"),
        ("orders.yaml client.py", "client.py"),
        ("missing.yaml orders.yaml", "missing.yaml"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, datum: str
) -> None:
    Path("new.yaml").write_text(DOCUMENT)
    ended = run(capsys, "diff", *arguments.split())
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert datum in ended.err
