"""`contract-kit export`: what is exported or left out, and bad input. `make test-tools` uses the exports."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from contract_kit.cli.files import write_folder
from contract_kit.derive.exchange import Response
from contract_kit.errors import KitError
from contract_kit.export import har, msw, wiremock
from contract_kit.export.selection import select
from contract_kit.read.operations import METHODS

from .command import Run
from .documents import answering, catalogue, json_response, openapi

REDIRECT = {"description": "", "headers": {"Location": {"required": True, "schema": {"type": "string"}}}}
RESPONSES = {
    "200": json_response({"properties": {"id": {"type": "integer"}}}),
    "404": json_response({"type": "string"}),
}
THING = openapi(answering(RESPONSES))
BASE = "https://api.example.com/v1"


def listed(kit: Run, place: str = "mocks") -> list[dict[str, Any]]:
    """Export for WireMock, and return the mutants listed in `mutants.json`, in order."""
    assert kit("export", "orders.yaml", "--to", "wiremock", "-o", place).code == 0
    found: list[dict[str, Any]] = json.loads(Path(place, "mutants.json").read_bytes())["mutants"]
    return found


@pytest.mark.parametrize("sample", [None, 20])
def test_an_export_lists_each_valid_response_before_its_mutants(sample: int | None) -> None:
    served = select(catalogue(THING), (), sample, msw.obstacle).served
    bases = [each.mutant.base for each in served]
    assert [base for number, base in enumerate(bases) if base not in bases[:number]] == ["", "404"]
    assert bases == sorted(bases)
    controls = [each.mutant.id for each in served if each.mutant.id == each.control]
    assert [each.control for each in served] == [controls[base == "404"] for base in bases]


@pytest.mark.parametrize("format_", [msw, wiremock, har])
def test_each_mutant_is_exported_or_left_out_with_a_reason(format_: Any) -> None:
    found = select(catalogue(THING), (), None, format_.obstacle)
    exported = {each.mutant.id for each in found.served if each.mutant.id != each.control}
    left_out = {each.mutant.id for each in found.left_out if each.reason}
    assert exported.isdisjoint(left_out)
    assert exported | left_out == {each.id for each in catalogue(THING).mutants()}


@pytest.mark.parametrize(
    ("format_", "missing"),
    [
        (msw, "cut length-too-long length-too-short no-last-chunk gzip-truncated 204-with-content"),
        (wiremock, "cut length-too-long length-too-short 204-with-content"),
        (har, "cut length-too-long length-too-short no-last-chunk no-response 503-then-valid gzip-truncated"),
    ],
)
def test_a_mutant_is_left_out_if_the_format_cannot_express_it(format_: Any, missing: str) -> None:
    left_out = select(catalogue(THING), (), None, format_.obstacle).left_out
    assert set(missing.split()) <= {each.mutant.name for each in left_out}


@pytest.mark.parametrize("status", ["300", "302", "399"])
def test_a_mutant_is_left_out_if_the_format_cannot_express_its_valid_response(status: str) -> None:
    document = openapi(answering({"200": RESPONSES["200"], status: REDIRECT}))
    found = select(catalogue(document), (), None, har.obstacle)
    assert {each.mutant.base for each in found.served} == {""}
    assert {each.mutant.base for each in found.left_out} == {"", status}


def test_msw_can_express_each_method_except_trace_and_each_status_except_205() -> None:
    methods = [each for each in map(str.upper, METHODS) if not msw.obstacle(each, Response(200, {}, b""))]
    assert sorted(methods) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    statuses = [each for each in range(100, 700) if not msw.obstacle("GET", Response(each, {}, b""))]
    assert statuses == [each for each in range(200, 600) if each != 205]


def test_wiremock_closes_the_connection_before_the_response_or_the_last_chunk() -> None:
    files = wiremock.files(select(catalogue(THING), (), None, wiremock.obstacle))
    mappings = json.loads(files["mappings/mutants.json"])["mappings"]
    faults = {each["name"].rpartition(":")[2]: each["response"].get("fault") for each in mappings}
    assert {name: fault for name, fault in faults.items() if fault} == {
        "no-response": "EMPTY_RESPONSE",
        "no-last-chunk": "MALFORMED_RESPONSE_CHUNK",
    }


def test_wiremock_gets_each_body_as_text_unless_it_is_not_utf_8() -> None:
    selection = select(catalogue(THING), (), None, wiremock.obstacle)
    mappings = json.loads(wiremock.files(selection)["mappings/mutants.json"])["mappings"]
    responses = {each["name"]: each["response"] for each in mappings}
    assert json.loads(responses["getThing:200:number-as-text:/id"]["body"]).keys() == {"id"}
    assert "base64Body" in responses["getThing:200:no-utf-8"]


def test_an_export_lets_a_client_accept_or_refuse_a_broken_response_followed_by_a_valid_response(
    kit: Run,
) -> None:
    expected = {each["expect"] for each in listed(kit) if each["id"].endswith("-then-valid")}
    assert expected == {"either"}


def test_a_wiremock_scenario_serves_its_responses_in_turn_and_starts_over(kit: Run) -> None:
    listed(kit)
    mappings = json.loads(Path("mocks/mappings/mutants.json").read_bytes())["mappings"]
    mine = [each for each in mappings if each["scenarioName"] == "getOrder"]
    states = [each["requiredScenarioState"] for each in mine]
    assert states[0] == "Started"
    assert len(set(states)) == len(states)
    assert [each["newScenarioState"] for each in mine] == [*states[1:], "Started"]


def test_wiremock_prefers_a_literal_path_to_a_path_with_parameters(kit: Run) -> None:
    listed(kit)
    mappings = json.loads(Path("mocks/mappings/mutants.json").read_bytes())["mappings"]
    assert {each["scenarioName"]: each["priority"] for each in mappings} == {"getOrder": 2, "createOrder": 1}


def test_a_wiremock_scenarios_name_is_safe_in_a_url() -> None:
    thing = {"get": {"responses": RESPONSES}}
    selection = select(catalogue(openapi({"/things": thing})), (), None, wiremock.obstacle)
    [name] = {each["scenario"] for each in json.loads(wiremock.files(selection)["mutants.json"])["mutants"]}
    assert re.fullmatch(r"\w+", name)


@pytest.mark.parametrize(
    ("url", "target"), [(f"{BASE}/orders/42?full=1", "/orders/42?full=1"), (f"{BASE}/", "/orders/62")]
)
def test_a_har_export_accepts_a_full_url_or_a_base_url(kit: Run, url: str, target: str) -> None:
    options = ("--operation", "getOrder", "--url", url)
    assert kit("export", "orders.yaml", "--to", "har", "-o", "mocks", *options).code == 0
    files = [json.loads(path.read_bytes()) for path in Path("mocks").glob("*.har")]
    assert {each["log"]["entries"][0]["request"]["url"] for each in files} == {BASE + target}


BAD = {
    "an unknown format": ("orders.yaml --to pact -o new", "'pact'"),
    "a folder with a file": ("orders.yaml --to msw -o full", "full"),
    "a file": ("orders.yaml --to msw -o orders.yaml", "orders.yaml"),
    "a folder in a missing folder": ("orders.yaml --to msw -o no/new", "no/new"),
    "har without a URL": ("orders.yaml --to har -o new", "--url"),
    "half of a URL": ("orders.yaml --to har -o new --url api.example.com", "--url"),
    "a URL for another format": ("orders.yaml --to msw -o new --url https://api.example.com", "--url"),
    "no mutant that can be expressed": ("trace.json --to msw -o new", "the method TRACE"),
    "an unknown operation": ("orders.yaml --operation no --to msw -o new", "'no'"),
}


@pytest.mark.parametrize(("options", "datum"), BAD.values(), ids=BAD)
def test_an_export_with_bad_input_exits_with_2_and_writes_no_file(kit: Run, options: str, datum: str) -> None:
    Path("full").mkdir()
    Path("full", "kept").touch()
    trace = {"/thing": {"trace": {"operationId": "traceThing", "responses": RESPONSES}}}
    Path("trace.json").write_text(json.dumps(openapi(trace)))
    before = sorted(Path().rglob("*"))
    ended = kit("export", *options.split())
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out, sorted(Path().rglob("*"))) == (2, "", before)
    assert datum in line


def test_an_export_can_be_written_to_an_existing_empty_folder(kit: Run) -> None:
    Path("mocks").mkdir()
    assert listed(kit)


def export(kit: Run, tool: str) -> set[str]:
    """Export into the folder `mocks`, and return the names of all files in it."""
    url = ("--url", BASE) if tool == "har" else ()
    assert kit("export", "orders.yaml", "--to", tool, "-o", "mocks", "--sample", "9", *url).code == 0
    return {each.as_posix() for each in Path("mocks").rglob("*") if each.is_file()}


@pytest.mark.parametrize("tool", ["msw", "wiremock", "har"])
@pytest.mark.parametrize("earlier", ["msw", "wiremock", "har"])
def test_an_export_replaces_all_files_from_an_earlier_export(kit: Run, tool: str, earlier: str) -> None:
    fresh = export(kit, tool)
    shutil.rmtree("mocks")
    export(kit, earlier)
    assert export(kit, tool) == fresh


@pytest.mark.parametrize("name", ["notes.txt", "mappings/mine.json", "mutants.json.bak", ".hidden", "link"])
def test_an_export_into_a_folder_with_a_foreign_file_changes_nothing(kit: Run, name: str) -> None:
    export(kit, "wiremock")
    other = Path("mocks", name)
    if name == "link":
        other.symlink_to("..", target_is_directory=True)
    else:
        other.write_text("mine")
    before = {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()}
    ended = kit("export", "orders.yaml", "--to", "msw", "-o", "mocks")
    assert (ended.code, ended.err.count("\n"), str(other) in ended.err) == (2, 1, True)
    assert {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()} == before


def test_an_export_does_not_write_through_a_link_that_replaced_its_file(kit: Run) -> None:
    export(kit, "wiremock")
    target = Path("mocks/mutants.json").rename("kept.json")
    Path("mocks/mutants.json").symlink_to(target.absolute())
    before = target.read_bytes()
    assert kit("export", "orders.yaml", "--to", "wiremock", "-o", "mocks").code == 2
    assert target.read_bytes() == before


def test_an_export_folder_is_written_completely_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(KitError):
        write_folder(tmp_path / "new", {"a": b"1", "sub/b": b"2", "sub": b"not a folder"})
    assert list(tmp_path.iterdir()) == []
