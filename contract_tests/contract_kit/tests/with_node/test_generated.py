"""`contract-kit test --generated` with clients in the layouts of TypeScript generators."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ..command import Run

SDK = """\
const answer = async (request) => {
  const response = await request;
  const text = await response.text();
  return response.ok ? { data: JSON.parse(text), response } : { error: text, response };
};
export const getOrder = ({ client, path }) => answer(fetch(`${client.baseUrl}/orders/${path.id}`));
export const createOrder = ({ client, body }) =>
  answer(fetch(`${client.baseUrl}/orders`, { method: "POST", body: JSON.stringify(body), headers }));
const headers = { "Content-Type": "application/json" };
"""
ORVAL = """\
const answer = async (response) => ({ data: JSON.parse(await response.text()), status: response.status });
export const getGetOrderUrl = (id) => `/orders/${id}`;
export const getOrder = async (id, options) => answer(await fetch(getGetOrderUrl(id), options));
export const createOrder = async (order, options) =>
  answer(await fetch("/orders", { method: "POST", body: JSON.stringify(order), headers, ...options }));
const headers = { "Content-Type": "application/json" };
"""
ZOD = """\
class ZodError extends Error { issues = [{ path: ["id"], message: "not a number" }] }
const parseAsync = async (data) => {
  if (typeof data.id !== "number") throw new ZodError();
  return data;
};
const order = { parseAsync };
export const getOrder200Response = order, createOrder201Response = order;
"""
FETCH = """\
module.exports = ({ baseUrl }) => {
  const answer = (method) => async (template, { params, body }) => {
    const url = baseUrl + template.replace("{id}", params.path.id);
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(url, { method, body: JSON.stringify(body), headers });
    const text = await response.text();
    return response.ok ? { data: JSON.parse(text), response } : { error: text, response };
  };
  return { GET: answer("GET"), POST: answer("POST") };
};
"""
FILES = {
    "package.json": '{"type": "module"}',
    "sdk/sdk.gen.js": SDK,
    "sdk/client/index.js": "export const createConfig = (given) => given, createClient = (given) => given;",
    "orval/client.js": ORVAL,
    "orval/schemas.js": ZOD,
    "node_modules/openapi-fetch/package.json": "{}",
    "node_modules/openapi-fetch/index.js": FETCH,
}
LOADER = {
    "node_modules/tsx/package.json": '{"exports": {".": "./main.mjs"}}',
    "node_modules/tsx/main.mjs": """\
import { register } from "node:module";
register("./hooks.mjs", import.meta.url);
""",
    "node_modules/tsx/hooks.mjs": """\
import fs from "node:fs";
export const load = (url, context, next) => {
  if (!url.endsWith(".ts")) return next(url, context);
  return { format: "module", shortCircuit: true, source: fs.readFileSync(new URL(url)) };
};
""",
}
"""A stand-in for tsx, which loads .ts files. Node.js 20 can't load them."""
CLIENTS = [
    "@hey-api/openapi-ts:sdk",
    "openapi-fetch:.",
    "orval:orval/client.js",
    "orval:orval/client,zod=orval/schemas",
]


@pytest.fixture
def tested(kit: Run) -> Run:
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    return partial(kit, "test", "orders.yaml", "--generated")


def rows(out: str) -> dict[str, Any]:
    return {each["id"]: each["verdict"] for each in json.loads(out)["rows"]}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_operation_of_a_generated_client_is_called(tested: Run, client: str) -> None:
    out = tested(client, "--json", "-").out
    assert json.loads(out)["inconclusive"] == []
    assert {each.partition(":")[0] for each in rows(out)} == {"getOrder", "createOrder"}


@pytest.mark.parametrize("client", CLIENTS)
def test_only_a_client_that_validates_refuses_a_wrong_type(tested: Run, client: str) -> None:
    verdict = rows(tested(client, "--json", "-").out)["getOrder:200:number-as-text:/id"]
    assert verdict == ("refused by body" if "zod" in client else "passed on")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_body_that_is_not_json_is_refused(tested: Run, client: str) -> None:
    assert rows(tested(client, "--json", "-").out)["getOrder:200:truncated"] == "refused by body"


def test_an_operation_without_a_function_is_reported_and_the_others_are_tested(tested: Run) -> None:
    Path("sdk/sdk.gen.js").write_text(SDK.replace("createOrder", "other"))
    out = tested("@hey-api/openapi-ts:sdk", "--json", "-").out
    [control] = json.loads(out)["inconclusive"]
    assert control["detail"] == "the client has no function for createOrder"
    assert "passed on" in rows(out).values()


def test_typescript_is_loaded_with_the_loader_that_the_project_has_installed(tested: Run) -> None:
    for name, text in {"app/client.ts": ORVAL, **LOADER}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    assert json.loads(tested("orval:app/client.ts", "--json", "-").out)["inconclusive"] == []


@pytest.mark.parametrize(
    ("client", "code", "datum"),
    [
        ("@hey-api/openapi-ts:missing", 2, "missing"),
        ("@hey-api/openapi-ts:.", 2, "sdk.gen"),
        ("orval:missing.ts", 2, "missing.ts"),
        ("orval:orval/client.js,zod=missing", 2, "missing"),
        ("orval:client.ts", 2, "npm install --save-dev tsx"),
        ("openapi-fetch:/", 2, "openapi-fetch"),
        ("orval:broken.js", 3, "RangeError"),
        ("orval:needy.js", 3, "absent-package"),
    ],
)
def test_a_client_that_cannot_be_used_is_refused_in_one_line(
    tested: Run, client: str, code: int, datum: str
) -> None:
    Path("client.ts").write_text("export const one: number = 1;")
    Path("broken.js").write_text("throw new RangeError('broken');")
    Path("needy.js").write_text("import 'absent-package';")
    ended = tested(client)
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out) == (code, "")
    assert datum in line


def test_a_missing_node_is_reported_in_one_line(tested: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ended = tested("orval:orval/client.js")
    [line] = ended.err.splitlines()
    assert ended.code == 2
    assert "Node.js 20" in line


@pytest.mark.parametrize(("version", "count"), [("7.13.2", 0), ("99.1.0", 1), ("6.0.0", 1)])
def test_an_untested_generator_version_causes_a_warning(tested: Run, version: str, count: int) -> None:
    about = Path("node_modules/orval/package.json")
    about.parent.mkdir()
    about.write_text(json.dumps({"version": version}))
    assert tested("orval:orval/client.js", "--sample", "1").err.count(version) == count
