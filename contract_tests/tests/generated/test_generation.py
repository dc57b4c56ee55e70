"""`make generate` depends only on the contract, and `make check-generated` verifies its output."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import generate
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
