"""`contract-kit test --generated` with clients in the layout of the generators for TypeScript."""

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
def test_a_body_that_is_no_json_is_refused(tested: Run, client: str) -> None:
    assert rows(tested(client, "--json", "-").out)["getOrder:200:truncated"] == "refused by body"


@pytest.mark.parametrize("client", ["@hey-api/openapi-ts:missing", "orval:missing.ts", "openapi-fetch:/"])
def test_a_client_that_is_not_there_is_refused_in_one_line(tested: Run, client: str) -> None:
    ended = tested(client)
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out) == (3, "")
    assert client.partition(":")[2].strip("/") in line
