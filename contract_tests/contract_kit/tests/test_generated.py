"""`contract-kit test --generated` calls clients in each generator's layout. No generator is run."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contract_kit.serve.generated import worker_of
from contract_kit.serve.shims import Shim

from .command import Run
from .generated import CLIENTS, OPENAPI_PYTHON_CLIENT, write


@pytest.fixture
def tested(kit: Run) -> Run:
    return partial(kit, "test", "orders.yaml", "--generated")


def rows(out: str) -> dict[str, Any]:
    return {each["id"]: each for each in json.loads(out)["rows"]}


@pytest.mark.parametrize(
    ("client", "verdicts"),
    [
        (
            "openapi-python-client:shop",
            {
                "getOrder:200:number-as-text:/id": "passed on",
                "getOrder:200:required:/id": "crashed",
                "getOrder:200:truncated": "refused by body",
                "getOrder:200:cut": "refused by body",
                "getOrder:200:status=418": "lost",
            },
        ),
        ("openapi-python-client:shop,strict", {"getOrder:200:status=418": "refused by status"}),
        (
            "openapi-generator:shop",
            {
                "createOrder:201:number-as-text:/id": "refused by body",
                "createOrder:201:status=418": "refused by status",
                "createOrder:201:cut": "refused by body",
            },
        ),
        (
            "datamodel-code-generator:shop",
            {
                "createOrder:201:number-as-text:/id": "no effect",
                "createOrder:201:status=418": "refused by status",
            },
        ),
        (
            "datamodel-code-generator:shop,strict",
            {"createOrder:201:number-as-text:/id": "refused by body"},
        ),
    ],
)
def test_every_operation_of_a_generated_client_is_called_and_its_own_errors_decide(
    tested: Run, client: str, verdicts: dict[str, str]
) -> None:
    write(CLIENTS[client.partition(":")[0]])
    found = rows(tested(client, "--json", "-").out)
    assert {each["operation"] for each in found.values()} == {"getOrder", "createOrder"}
    assert {each["verdict"] for each in found.values()} & {"inconclusive", "not requested"} == set()
    assert {each: found[each]["verdict"] for each in verdicts} == verdicts


def test_an_operation_without_a_function_is_reported_and_the_others_are_tested(tested: Run) -> None:
    (write(OPENAPI_PYTHON_CLIENT) / "api" / "orders" / "create_order.py").unlink()
    ended = tested("openapi-python-client:shop", "--json", "-")
    [control] = json.loads(ended.out)["inconclusive"]
    assert control["detail"] == "the client has no function for createOrder"
    assert any(each["verdict"] == "crashed" for each in rows(ended.out).values())


def test_an_operation_without_a_model_is_reported_and_the_others_are_tested(tested: Run) -> None:
    write(CLIENTS["datamodel-code-generator"])
    orders = Path("orders.yaml")
    orders.write_text(
        orders.read_text().replace("content: *order", "content: {application/json: {schema: {type: object}}}")
    )
    ended = tested("datamodel-code-generator:shop", "--json", "-")
    [control] = json.loads(ended.out)["inconclusive"]
    assert control["detail"] == "the package has no model createorderresponse for createOrder"
    assert any(each["verdict"] == "refused by body" for each in rows(ended.out).values())


def test_the_first_of_two_parameters_with_one_python_name_gets_its_value(tested: Run) -> None:
    write(CLIENTS["openapi-generator"])
    orders = Path("orders.yaml")
    second = '- {name: "id[]", in: query, schema: {type: array, items: {type: string}}, required: true}'
    orders.write_text(
        orders.read_text().replace(
            "schema: {type: integer}}\n", f"schema: {{type: integer}}}}\n        {second}\n", 1
        )
    )
    ended = tested("openapi-generator:shop", "--json", "-", "--operation", "getOrder")
    assert json.loads(ended.out)["inconclusive"] == []


def test_a_client_for_another_document_is_inconclusive(tested: Run) -> None:
    for each in (write(OPENAPI_PYTHON_CLIENT) / "api" / "orders").glob("*_order.py"):
        each.unlink()
    ended = tested("openapi-python-client:shop", "--json", "-")
    assert ended.code == 4
    assert len(json.loads(ended.out)["inconclusive"]) == 2


@pytest.mark.parametrize("name", ["get_orders_id", "orders_id_get"])
def test_an_operation_without_an_id_is_found_by_method_and_path(tested: Run, name: str) -> None:
    folder = write(OPENAPI_PYTHON_CLIENT) / "api" / "orders"
    (folder / "get_order.py").rename(folder / f"{name}.py")
    orders = Path("orders.yaml")
    orders.write_text(orders.read_text().replace("      operationId: getOrder\n", ""))
    ended = tested("openapi-python-client:shop", "--json", "-")
    assert json.loads(ended.out)["inconclusive"] == []


def test_the_given_interpreter_runs_the_client(tested: Run) -> None:
    write(OPENAPI_PYTHON_CLIENT)
    python = Path("python")
    python.write_text(f'#!/bin/sh\ntouch used\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    ended = tested("openapi-python-client:shop", "--python", "./python", "--sample", "1")
    assert ended.code != 2
    assert Path("used").exists()


@pytest.mark.parametrize(
    ("client", "options", "code", "datum"),
    [
        ("swagger-codegen:shop", (), 2, "openapi-python-client, openapi-generator"),
        ("openapi-python-client", (), 2, "openapi-python-client:PACKAGE"),
        ("openapi-python-client:shop,lax", (), 2, "'lax'"),
        ("openapi-python-client:shop,strictly", (), 2, "'strictly'"),
        ("openapi-generator:shop,strict", (), 2, "'strict'"),
        ("openapi-python-client:missing", (), 2, "--python"),
        ("openapi-python-client:broken", (), 3, "ZeroDivisionError"),
        ("openapi-python-client:needy", (), 3, "absent_package"),
        ("datamodel-code-generator:models", (), 3, "absent_package"),
        ("openapi-generator:shop", (), 2, "openapi-generator"),
        ("openapi-python-client:shop", ("--python", "no-python"), 2, "no-python"),
        ("orval:shop.js", ("--python", sys.executable), 2, "orval"),
        ("openapi-python-client:shop", ("--exec", "true"), 2, "--exec"),
    ],
)
def test_an_unusable_generated_client_is_refused_in_one_line(
    tested: Run, client: str, options: tuple[str, ...], code: int, datum: str
) -> None:
    write(OPENAPI_PYTHON_CLIENT)
    Path("broken.py").write_text("1 / 0")
    Path("models.py").touch()
    for name in ("needy.py", "httpx.py"):  # the adapter needs httpx
        Path(name).write_text("import absent_package")
    ended = tested(client, *options)
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out) == (code, "")
    assert datum in line


@pytest.mark.parametrize(("version", "count"), [("0.24.0", 0), ("0.29.7", 0), ("0.30.0", 1), ("0.2.9", 1)])
def test_an_untested_generator_version_causes_a_warning(
    tested: Run, monkeypatch: pytest.MonkeyPatch, version: str, count: int
) -> None:
    write(OPENAPI_PYTHON_CLIENT)
    about = Path("packages/openapi_python_client-1.dist-info/METADATA")
    about.parent.mkdir(parents=True)
    about.write_text(f"Metadata-Version: 2.1\nName: openapi-python-client\nVersion: {version}\n")
    monkeypatch.setenv("PYTHONPATH", str(about.parents[1].absolute()))
    ended = tested("openapi-python-client:shop", "--sample", "1")
    assert ended.err.count(version) == count
    assert ended.code != 2


@pytest.mark.parametrize("about", ["{}", "[]", '{"exports": {".": {"import": "./main.mjs"}}}'])
def test_a_tsx_package_with_an_unknown_layout_is_not_used(
    about: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node_modules" / "tsx").mkdir(parents=True)
    (tmp_path / "node_modules" / "tsx" / "package.json").write_text(about)
    monkeypatch.setattr("shutil.which", lambda _: "node")
    program, following, *_ = worker_of(f"orval:{tmp_path / 'client.ts'}", None)
    assert (program, following) == ("node", str(Shim.NODE.path))
