"""Files that commands can't use."""

from typing import Any

from contract_kit.derive.model import Strictness
from contract_kit.judge.baseline import Baseline

from ..documents import answering, json_response, of_schema, openapi
from ..receivers import PAID

SELF = {"$ref": "#/components/schemas/Self"}
_KNOWN = Baseline(Strictness.MUST, None, frozenset({"GET /lose"}), {}, {}, 50, 3)
BAD_FILES: dict[str, Any] = {
    "asyncapi.json": {"asyncapi": "3.0.0"},
    "swagger.json": {"swagger": "2.0", "paths": {"/a": {}}},
    "later.json": of_schema({}, "3.2.0"),
    "half.json": of_schema({}, "3.1"),
    "bracket.yaml": "openapi: 3.1.0\npaths: [",
    "pathless.yaml": "openapi: 3.0.0\npaths: {}",
    "path.json": openapi({"/a": {"$ref": "#/paths/~1b"}}),
    "circle.json": openapi({"/a": {"$ref": "#/paths/~1a"}}),
    "response.json": openapi(answering({"200": {"$ref": "#/components/responses/No"}})),
    "schema.json": of_schema({"$ref": "#/components/schemas/No"}),
    "self.json": of_schema(SELF, Self=SELF),
    "other.json": of_schema({"$ref": "missing.json"}),
    "trace.json": openapi(
        {"/thing": {"trace": {"operationId": "trace", "responses": {"200": json_response({})}}}}
    ),
    "nul.json": openapi(answering({"200": json_response({})}, operationId="a\0b")),
    "two.json": {
        "openapi": "3.1.0",
        "webhooks": {"a": {"post": PAID}, "b": {"post": PAID | {"operationId": "pay"}}},
    },
    "cut.json": _KNOWN.written().decode()[:-9],
    "old.json": _KNOWN.written().decode().replace('"version": 2', '"version": 1'),
    "may.json": _KNOWN.written().decode().replace('"must"', '"may"'),
    "pets.json": _KNOWN.written().decode().replace("/lose", "/pets"),
    "list.txt": "type\n\nrequird # no such keyword\n",
    "latin.txt": "",
    "wide.py": "def call(url, operation): ...\nsign = lambda id, time, body, secret: None\n",
}
