"""What `diff` finds between two schemas or two documents, in both directions."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.diff.compare import compare
from contract_kit.diff.results import Change
from contract_kit.diff.serving import Witnesses
from contract_kit.read.document import Document

from ..documents import OPERATION, answering, json_response, openapi

KEPT = Path(__file__).with_name("kept")
TITLE, TO = "== ", " => "
_DONE = {"204": {"description": ""}}
Place = Callable[[Any], dict[str, Any]]


def at(schema: Any) -> dict[str, Any]:
    """Return the schema of an object whose only property, `at`, is required and has this schema."""
    return {"type": "object", "required": ["at"], "properties": {"at": schema}}


def _sent(schema: Any) -> dict[str, Any]:
    return openapi(answering({"200": {"description": "", "headers": {"X-At": {"schema": schema}}}}))


def _posted(schema: Any) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return openapi({"/thing": {"post": {"operationId": OPERATION, "requestBody": body, "responses": _DONE}}})


def _asked(schema: Any) -> dict[str, Any]:
    return openapi(answering(_DONE, parameters=[{"name": "q", "in": "query", "schema": schema}]))


PLACES: dict[str, Place] = {
    "response body": lambda schema: openapi(answering({"200": json_response(schema)})),
    "response header": _sent,
    "request body": _posted,
    "request parameter": _asked,
}
"""Documents that contain a schema in one place."""


def titles(name: str) -> list[str]:
    """Return the titles in a kept text; to add a case, add a line `== OLD => NEW`."""
    lines = (KEPT / name).read_text().splitlines()
    return [each.removeprefix(TITLE) for each in lines if each.startswith(TITLE)]


def of_schemas() -> Iterator[str]:
    """Yield the changes between two schemas, in each place, as the whole value and as a property in it."""
    for title in titles("diff-schemas.txt"):
        yield TITLE + title
        one, other = map(yaml.safe_load, title.split(TO))
        for name, place in PLACES.items():
            for scope, schema in (("", lambda each: each), (" property", at)):
                for sign, pair in ((">", (one, other)), ("<", (other, one))):
                    documents = [place(schema(each)) for each in pair]
                    found = (
                        re.sub(r"/paths/\S*?/(schema|200)(?=[ /])", "", each) for each in changes(*documents)
                    )
                    yield from (f"{name}{scope} {sign} {each}" for each in found)


def of_documents() -> Iterator[str]:
    """Yield the changes between two documents; a title has their paths, or whole documents."""
    for title in titles("diff-documents.txt"):
        yield TITLE + title
        one, other = (_document(yaml.safe_load(each)) for each in title.split(TO))
        yield from (f"> {each}" for each in changes(one, other))
        yield from (f"< {each}" for each in changes(other, one))


def _document(given: dict[str, Any]) -> dict[str, Any]:
    """Return a document with these paths, whose operations have a response if none is given."""
    found = given if "paths" in given or "webhooks" in given else {"paths": given}
    for path in found.get("paths", {}).values():
        for method, operation in path.items():
            if method != "parameters" and isinstance(operation, dict):
                operation.setdefault("responses", _DONE)
    return openapi({}) | found


def changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each change between two documents, and for each part that wasn't compared."""
    before = Document.of(old)
    found = compare(before, Document.of(new), lambda *_: None)
    served = [each.id for each in Witnesses(Catalogue(before), found.changes)] if found.changes else []
    for number, change in enumerate(found.changes):
        count = sum(each.partition("=")[2].startswith(f"{change.rule}-{number}") for each in served)
        yield _line(change) + f" | served {count}" * bool(count)
    yield from (f"not compared: {each.where}: {each.reason}" for each in found.skipped)
    yield from found.notes


def _line(change: Change) -> str:
    where = change.location.replace("/responses/200/content/application~1json/schema", "/200")
    many = (change.uses, change.locations) != (1, 1)
    counts = f"{change.uses} uses, {change.locations} locations" if many else ""
    proof = ""
    if found := change.witness:
        values = [json.dumps(each) for each in (found.value, found.isolated, found.control)]
        proof = f"{change.keyword} at {found.pointer or '/'}: {values[0]}, else {values[2]}"
        proof += f", served {values[1]}" * (values[0] != values[1])
    return " | ".join(filter(None, [change.on_paper, change.rule, where, change.what, counts, proof]))
