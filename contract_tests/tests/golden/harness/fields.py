"""Each documented field with each of its constraints: allowed values, and the nearest forbidden ones."""

import json
from collections.abc import Iterator
from typing import Any

import bluejay_api.models
import httpx
import msgspec
from bluejay_api.decoding import decode
from bluejay_contract.operations import QUEUE
from bluejay_contract.stub import Stub
from contract_kit.read.document import Place
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path, json_path, replaced, without

from ...harness.mutants.case import CONTRACT, encoded
from ..distinct import Distinct

SCHEMAS: dict[str, Any] = CONTRACT.document["components"]["schemas"]
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (7, True, []),
    "integer": ("7", 7.5, 7.0, True),
    "number": ("7", 7, False),
    "boolean": ("true", 0, None),
    "array": ({}, "", [[]]),
    "object": ([], "", {}),
    "null": (None,),
    "date-time": (
        *("2026-11-19", "2026-11-19T16:04:00", "2026-11-19 16:04:00Z", "2026-11-19T16:04Z"),
        *("2026-02-29T00:00:00Z", "2026-11-19t16:04:00.123456789z", "2026-11-19T24:00:00Z"),
        *("2016-12-31T23:59:60Z", "2026-11-19T16:04:00,5Z", "2026-11-19T16:04:00+25:00"),
    ),
    "uuid": ("5f0b", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-00000000000G"),
}  # fmt: skip
"""Values near to those of a type or a format: all of them are tried for each field of the type."""
UUIDS = dict.fromkeys(("agent_version_id", "knowledge_base_id"), "00000000-0000-0000-0000-000000000001")
MISSING = object()


def values(node: Node) -> Iterator[Any]:
    """Yield values for a field: of its types, of its format, and of its enum; MISSING to leave it out."""
    yield MISSING
    yield None
    for each in CONTRACT.alternatives(node):
        named = each.get("type", [])
        for kind in [named] if isinstance(named, str) else named:
            yield from WRONG[kind]
        yield from WRONG.get(each.get("format", ""), ())
        if "enum" in each:
            yield from (*each["enum"], each["enum"][0].lower(), "NEW", "")


def places(node: Node, document: Any, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield the path and the schema of each documented field, and of the first item of each list."""
    for each in CONTRACT.alternatives(node):
        properties = each.get("properties", {}) if isinstance(document, dict) else {}
        inner: dict[Any, Node] = {name: properties[name] for name in properties if name in document}
        others = each.get("additionalProperties")
        if isinstance(document, dict) and isinstance(others, Node):
            inner |= {name: others for name in document if name not in properties}
        if isinstance(document, list) and document and "items" in each:
            inner = {0: each["items"]}
        for step, schema in inner.items():
            yield (*path, step), schema
            if "$ref" not in json.dumps(schema.raw):
                yield from places(schema, document[step], (*path, step))


def bodies(name: str, **fields: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document of this schema, and each changed document, with a name."""
    node = CONTRACT.schemas.add(Place("", ("components", "schemas", name)))
    document = Distinct("fields")(name, **fields)
    yield "unchanged", document
    yield "a new field", document | {"new": 1}
    for path, schema in places(node, document):
        tried = list[Any]()
        for value in values(schema):
            if value is MISSING and not isinstance(path[-1], int):
                yield f"{json_path(path)} missing", without(document, path)
            elif value is not MISSING and not any(value is each for each in tried):
                yield f"{json_path(path)} {json.dumps(value)}", replaced(document, path, value)
            tried.append(value)


def schemas() -> Iterator[str]:
    """Yield, for each object of the contract, whether the validator and the client accept each body.

    Fields that refer to another schema are changed as a whole; their parts have lines of their own.
    """
    for name in SCHEMAS:
        if "properties" not in SCHEMAS[name]:
            continue
        node, model = CONTRACT.schemas.add(Place("", ("components", "schemas", name))), _model(name)
        validator = CONTRACT.validators.first(node)
        yield f"== {name}"
        for changed, document in bodies(name):
            verdict = "valid" if validator.is_valid(document) else "invalid"
            yield f"{changed} => {verdict}{f', {_decoded(document, model)}' if model else ''}"


def _model(name: str) -> Any:
    return getattr(bluejay_api.models, name, None)


def _decoded(document: Any, model: Any) -> str:
    try:
        decode(encoded(document), model)
    except msgspec.DecodeError as error:
        return f"refused: {error}"
    return "decoded"


def queue_requests() -> Iterator[str]:
    """Yield whether the rules and the stub accept each body of a request to queue a run."""
    accepts = CONTRACT.operations[QUEUE].accepts
    with Stub() as stub, httpx.Client(base_url=stub.url, trust_env=False) as http:
        for changed, document in bodies(
            "QueueSimulationRunRequest", **UUIDS, runs_per_digital_human=2, prompt_id=None
        ):
            response = http.post(QUEUE.path, json=document, headers={"X-API-Key": stub.api_key})
            said = response.json()
            errors = (
                [(each["loc"], each["type"]) for each in said["detail"]]
                if response.status_code == 422
                else ""
            )
            verdict = "accepted" if accepts(encoded(document)) else "refused"
            yield f"{changed} => {verdict} by the rules; {response.status_code} {errors} from the stub"
