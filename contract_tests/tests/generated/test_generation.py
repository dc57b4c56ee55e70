"""`make generate` depends only on the contract, and `make check-generated` verifies its output."""

import json
import shutil
import subprocess
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import generate
import msgspec
import pytest
import yaml
from bluejay_contract.contract import Contract
from openapi_python_client.cli import app
from typer.testing import CliRunner


def _generated_from(document: dict[str, Any], folder: Path, name: str) -> Path:
    contract = folder / "contract.yaml"
    contract.write_text(yaml.safe_dump(document))
    output = folder / name
    generate.generate(contract, output)
    return output


def test_no_generated_model_contains_the_names_unset_or_type0() -> None:
    models = {each.name: each.read_text() for each in (generate.TARGET / "models").glob("*.py")}
    assert len(models) > 10
    assert [name for name, source in models.items() if "Unset" in source or "Type0" in source] == []


def test_a_stale_generated_file_is_reported_by_make_check_generated(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    for name in ("models/event.py", "errors.py", "client.py"):
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_text(name)
    tree = shutil.copytree(fresh, tmp_path / "tree")
    (tree / "models" / "more.py").touch()
    (tree / "errors.py").unlink()
    (tree / "client.py").write_text("")
    assert sorted(generate.differences(fresh, tree)) == [
        "extra: models/more.py",
        "missing: errors.py",
        "stale: client.py",
    ]


def test_a_new_operation_is_generated_from_the_contract_alone(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The URL contains only the query parameters passed to the call."""
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "integer"}}
        for name in ("limit", "page")
    ]
    paths = contract.document["paths"]
    listed = paths["/v1/retrieve-simulation-results/{simulation_run_id}"]["get"]
    operation = dict(listed, operationId="list_runs", parameters=parameters)
    document = contract.document | {"paths": paths | {"/v1/runs": {"get": operation}}}
    package = _generated_from(document, tmp_path, "changed_api")
    monkeypatch.syspath_prepend(str(package.parent))
    module = import_module(f"{package.name}.api.simulation_results.list_runs")
    assert module.build_request(base_url="http://stub", limit=5)["url"] == "http://stub/v1/runs?limit=5"
    assert module.build_request(base_url="http://stub")["url"] == "http://stub/v1/runs"


def test_a_required_correction_field_must_not_be_absent(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    components = deepcopy(contract.document["components"])
    components["schemas"]["CustomMetric"]["required"].append("human_edited")
    package = _generated_from(contract.document | {"components": components}, tmp_path, "corrected_api")
    monkeypatch.syspath_prepend(str(package.parent))
    decode = import_module(f"{package.name}.decoding").decode
    metric = import_module(f"{package.name}.models").CustomMetric
    sent = dict.fromkeys(("name", "description", "response_type", "response_value"), "x")
    with pytest.raises(msgspec.ValidationError, match="human_edited"):
        decode(json.dumps(sent).encode(), metric)


def _run_here(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
    """Run the generator in this process, because starting a process takes longer than generating."""
    result = CliRunner().invoke(app, command[3:])
    return subprocess.CompletedProcess(command, result.exit_code, result.output, repr(result.exception))


EVENT = {"schema": {"$ref": "#/components/schemas/Event"}}
COOKIE = {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}}
ONLY_REQUIRED_JSON = "this_template_writes_no_body_but_json_that_is_required"
ONLY_TEXT_AND_INTEGERS = "this_template_writes_no_parameter_but_strings_and_integers"


def _body(content_type: str, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {content_type: EVENT}} | more}


def _parameter(where: str, kind: str) -> dict[str, Any]:
    return {"parameters": [{"name": "a", "in": where, "required": False, "schema": {"type": kind}}]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_body("application/x-www-form-urlencoded", required=True), ONLY_REQUIRED_JSON),
        (_body("application/json"), ONLY_REQUIRED_JSON),
        ({"parameters": [COOKIE]}, "this_template_writes_no_cookie"),
        (_parameter("query", "boolean"), ONLY_TEXT_AND_INTEGERS),
        (_parameter("header", "integer"), ONLY_TEXT_AND_INTEGERS),
    ],
    ids=["form", "optional body", "cookie", "boolean in the query", "integer in a header"],
)
def test_the_generator_stops_at_anything_that_the_templates_do_not_support(
    contract: Contract, tmp_path: Path, change: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", _run_here)
    responses = {"200": {"description": "Done", "content": {"application/json": EVENT}}}
    operation = {"operationId": "send_event", "responses": responses} | change
    event = {"type": "object", "properties": {"title": {"type": "string"}}}
    document = contract.document | {
        "paths": {"/v1/events": {"post": operation}},
        "components": {"schemas": {"Event": event}},
    }
    with pytest.raises(generate.GenerationError, match=says):
        _generated_from(document, tmp_path, "stopped")
