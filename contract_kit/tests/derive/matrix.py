"""The matrix: what the kit derives from each schema in `schemas.yaml` and each document."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.read.document import Document

from ..documents import answering, catalogue, content, json_response, openapi
from .lines import of_catalogue, of_gap, of_request, value, where

FOLDER = Path(__file__).parent
KEPT = FOLDER / "kept"
SCHEMAS: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "schemas.yaml").read_text())
COMPONENTS = SCHEMAS.pop("components")
DOCUMENTS: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "documents.yaml").read_text())
WITH_HTTP = {"responses", "deliveries"}
"""The documents whose mutants include those that concern HTTP, which are alike in all documents."""
ONLY_IN_BODIES = {"formats", "discriminators", "alternatives", "values"}
"""The schemas that are put only in a response body."""
OTHER = {"title": "Other", "type": "object", "required": ["other"], "properties": {"other": {"const": 5}}}
AROUND: dict[str, Callable[[Any], Any]] = {
    "items": lambda inner: {"type": "array", "items": inner},
    "property": lambda inner: {"type": "object", "required": ["at"], "properties": {"at": inner}},
    "reference": lambda _: {"$ref": "#/components/schemas/It"},
    "allOf": lambda inner: {"allOf": [inner, {}]},
    "anyOf": lambda inner: {"anyOf": [inner, OTHER]},
    "oneOf": lambda inner: {"oneOf": [OTHER, inner]},
}
"""For each place of a schema, a function that returns the schema around it."""
OF_PLACES = {
    "items": ("@ ", "@type"),
    "property": ("@ ", "@type", "@required"),
    "reference": ("@ ",),
    "allOf": ("@ ",),
    "anyOf": ("@ ", "@anyOf/1"),
    "oneOf": ("@ ", "@oneOf/0"),
}
"""The beginning of the locations in each place that aren't inside the schema."""


def version(name: str) -> str:
    return "3.0.3" if name.endswith(" 3.0") else "3.1.0"


def of_body(name: str, schema: Any, **more: Any) -> Catalogue:
    """Return the mutants of a response body with this schema, in a document with more components."""
    paths = answering({"200": json_response(schema)})
    return catalogue(openapi(paths, version(name), schemas=COMPONENTS | more))


def of_places(name: str, schema: Any) -> Catalogue:
    """Return the mutants of an operation for each place of a schema."""
    responses: dict[str, Any] = {
        place: {"200": json_response(around(schema))} for place, around in AROUND.items()
    }
    responses["header"] = {"204": {"headers": {"X-It": {"schema": schema}}}}
    paths: dict[str, Any] = {
        f"/{place}": {"get": {"operationId": place, "responses": each}} for place, each in responses.items()
    }
    request = content("application/json", schema=schema)
    parameters = [{"name": "it", "in": "query", "schema": schema}]
    operation = {
        "operationId": "request",
        "requestBody": request,
        "parameters": parameters,
        "responses": {"204": {}},
    }
    paths["/request"] = {"post": operation}
    return catalogue(openapi(paths, version(name), schemas=COMPONENTS | {"It": schema}))


def in_places(found: Catalogue) -> Iterator[str]:
    """Yield a line for the mutants at one path of each place, which differ only in their name and value."""
    for place in AROUND:
        alike = defaultdict[str, list[str]](list)
        if place in {each.id for each in found.operations}:
            for each in found.mutants([place]):
                if each.group != PROTOCOL and not where(each).startswith(OF_PLACES[place]):
                    path = each.id.partition(each.name)[2].removeprefix(":") or "/"
                    alike[f"{path} {each.expect} {each.exactness} {where(each)}"].append(_short(each))
        yield from (f"{place}: {facts} | {', '.join(each)}" for facts, each in alike.items())
    yield from (f"header: {each.name} | {each.response.headers['X-It']}" for each in _broken_headers(found))
    yield from map(of_request, (each for each in found.operations if each.id == "request"))
    yield from map(of_gap, found.gaps())


def _short(mutant: Mutant) -> str:
    return f"{mutant.name} {value(mutant)}"


def _broken_headers(found: Catalogue) -> Iterator[Mutant]:
    if "header" in {each.id for each in found.operations}:
        yield from (each for each in found.mutants(["header"]) if "=x-it-" in each.id)


def of_schemas(group: str) -> Iterator[str]:
    """Yield the lines for each schema of a group."""
    for name, schema in SCHEMAS[group].items():
        yield f"== {name}: {schema}"
        yield from of_catalogue(of_body(name, schema), with_http=False)
        if group not in ONLY_IN_BODIES:
            yield from in_places(of_places(name, schema))


def document(name: str) -> Document:
    """Return a document in `documents.yaml`, with the components of `schemas.yaml`."""
    written = DOCUMENTS[name]
    parts = written.get("components", {})
    parts = parts | {"schemas": COMPONENTS | parts.get("schemas", {})}
    servers = [{"url": "https://example.com/v1/"}, {"url": "/v2"}, {"url": "http://a"}, 1, {}, {"url": 7}]
    return Document.of({"paths": {}, "servers": servers} | written | {"components": parts})


def of_document(name: str) -> Iterator[str]:
    """Yield the lines for a document, and for its webhooks and callbacks if it has any."""
    found = Catalogue(document(name))
    yield f"base paths: {found.base_paths}"
    yield from of_catalogue(found, with_http=name in WITH_HTTP)
    if "webhooks" in DOCUMENTS[name]:
        yield from of_catalogue(Catalogue(document(name), webhooks=True), with_http=True)
