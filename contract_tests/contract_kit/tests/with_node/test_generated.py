"""`contract-kit test --generated` with clients in the layouts of TypeScript generators."""

import json
from collections.abc import Iterable, Iterator

import pytest

from contract_kit.errors import KitError
from contract_kit.serve.generated import doubt_about, worker_of

from ..command import DOCUMENT
from ..matrices.calls import in_folder
from ..matrices.generated import outcome
from ..matrices.texts import Case
from ..tables import table

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
CHANGES = {
    "": {},
    "no function for createOrder": {"sdk/sdk.gen.js": SDK.replace("createOrder", "other")},
    "tsx": {"app/client.ts": ORVAL, **LOADER},
    "no tsx": {"client.ts": "export const one: number = 1;"},
    "broken": {"broken.js": "throw new RangeError('broken');"},
    "needy": {"needy.js": "import 'absent-package';"},
}


def results(given: Iterable[Case]) -> Iterator[str]:
    """Yield what each JavaScript client does: `CLIENT; CHANGE`."""
    for case in given:
        client, _, change = case.text.partition("; ")
        with in_folder({**FILES, **CHANGES[change], "orders.yaml": DOCUMENT}):
            yield outcome(client)


def test_a_missing_node_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(KitError, match=r"Node\.js 20"):
        worker_of("orval:orval/client.js", None)


@table("version, is_tested", [("7.13.2", True), ("99.1.0", False), ("6.0.0", False)])
def test_an_untested_generator_version_causes_a_warning(version: str, is_tested: bool) -> None:
    with in_folder({"node_modules/orval/package.json": json.dumps({"version": version})}):
        assert (doubt_about("orval:orval/client.js", None) == "") is is_tested
