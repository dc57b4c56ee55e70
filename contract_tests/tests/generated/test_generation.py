"""`make generate`: a function of the contract, and `make check-generated`, which holds it to that."""

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import generate
import pytest
import yaml
from bluejay_contract.contract import Contract


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package generated from the contract as it stands."""
    output = tmp_path_factory.mktemp("fresh") / "bluejay_api"
    generate.generate(generate.ROOT / "openapi.yaml", output)
    return output


def _generated_from(document: dict[str, Any], folder: Path, name: str) -> Path:
    contract = folder / "contract.yaml"
    contract.write_text(yaml.safe_dump(document))
    output = folder / name
    generate.generate(contract, output)
    return output


def test_the_committed_package_is_what_the_contract_generates(fresh: Path) -> None:
    assert generate.differences(fresh, generate.TARGET) == []


def test_two_runs_are_byte_identical(fresh: Path, tmp_path: Path) -> None:
    again = tmp_path / "bluejay_api"
    generate.generate(generate.ROOT / "openapi.yaml", again)
    assert generate.differences(fresh, again) == []


def test_every_module_names_the_command_that_writes_it(fresh: Path) -> None:
    modules = list(fresh.rglob("*.py"))
    assert modules
    assert [each.name for each in modules if "`make generate`" not in each.read_text().splitlines()[0]] == []


def test_the_package_is_marked_as_typed(fresh: Path) -> None:
    assert (fresh / "py.typed").is_file()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda tree: (tree / "models" / "more.py").touch(), "extra: models/more.py", id="extra"),
        pytest.param(lambda tree: (tree / "errors.py").unlink(), "missing: errors.py", id="missing"),
        pytest.param(lambda tree: (tree / "client.py").write_text(""), "stale: client.py", id="stale"),
    ],
)
def test_the_check_finds_a_file_that_is(fresh: Path, tmp_path: Path, change: Any, expected: str) -> None:
    tree = shutil.copytree(fresh, tmp_path / "tree")
    change(tree)
    assert generate.differences(fresh, tree) == [expected]


def test_a_field_added_to_the_contract_shows_up_typed(contract: Contract, tmp_path: Path) -> None:
    document = yaml.safe_load(yaml.safe_dump(contract.document))
    document["components"]["schemas"]["Event"]["properties"]["severity"] = {"type": ["integer", "null"]}
    source = (_generated_from(document, tmp_path, "with_severity") / "models" / "event.py").read_text()
    assert "severity: int | None = None" in source


@pytest.mark.parametrize(
    ("values", "sent", "kind"),
    [
        ({"$ref": "#/components/schemas/Event"}, b'{"title":"a","start_offset_ms":1}', "Event"),
        ({"type": "string", "format": "date-time"}, b'"2026-11-19T16:04:00Z"', "datetime"),
        ({"type": "integer"}, b"7", "int"),
    ],
)
def test_a_map_is_decoded_value_by_value(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: Any, sent: bytes, kind: str
) -> None:
    document = yaml.safe_load(yaml.safe_dump(contract.document))
    document["components"]["schemas"]["Marks"] = {"type": "object", "additionalProperties": values}
    error = document["components"]["schemas"]["ValidationError"]
    error["properties"]["marks"] = {"$ref": "#/components/schemas/Marks"}
    package = f"with_a_map_of_{kind}"
    _generated_from(document, tmp_path, package)
    monkeypatch.syspath_prepend(str(tmp_path))
    model = import_module(f"{package}.models.validation_error").ValidationError
    read = import_module(f"{package}.decoding").decode(
        b'{"loc":[],"msg":"","type":"","marks":{"a":%b}}' % sent, model
    )
    assert type(read.marks["a"]).__name__ == kind


def test_a_second_operation_is_generated_from_the_contract_alone(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Query parameters, which the first operation has none of, reach the URL; those left out don't."""
    document = yaml.safe_load(yaml.safe_dump(contract.document))
    operation = dict(contract.operation, operationId="list_runs")
    operation["parameters"] = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "integer"}}
        for name in ("limit", "page")
    ]
    document["paths"]["/v1/runs"] = {"get": operation}
    _generated_from(document, tmp_path, "with_list_runs")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = import_module("with_list_runs.api.simulation_results.list_runs")
    client = sys.modules["with_list_runs"].Client("http://stub", None)
    assert module._request(client, 5, None)["url"] == "http://stub/v1/runs?limit=5"


def test_a_request_body_stops_the_generator(contract: Contract, tmp_path: Path) -> None:
    """The templates write none; an operation that silently leaves it out would be worse."""
    document = yaml.safe_load(yaml.safe_dump(contract.document))
    operation = dict(contract.operation, operationId="queue_run", parameters=[])
    operation["requestBody"] = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}
    }
    document["paths"]["/v1/queue"] = {"post": operation}
    with pytest.raises(generate.GenerationError, match="this_template_writes_no_request_body"):
        _generated_from(document, tmp_path, "with_body")
