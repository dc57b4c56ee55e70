"""Pairs of small documents, and what a comparison finds in them."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from contract_kit.diff.changes import Change, Comparison
from contract_kit.diff.comparing import compare
from contract_kit.read.document import Document

from .documents import OPERATION, answering, json_response, openapi

TEXT, INTEGER, NUMBER, NULL = ({"type": name} for name in ("string", "integer", "number", "null"))
CAT: dict[str, Any] = {"type": "object", "required": ["purrs"], "properties": {"purrs": {"type": "boolean"}}}
DOG: dict[str, Any] = {"type": "object", "required": ["barks"], "properties": {"barks": {"type": "boolean"}}}


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """Compare two documents."""
    return compare(Document.of(old), Document.of(new), lambda *_: None)


def of_responses(old: Any, new: Any, version: str = "3.1.0", **components: Any) -> Comparison:
    """Compare two documents whose one response has these schemas."""
    responses = [answering({"200": json_response(each)}) for each in (old, new)]
    return compared(*(openapi(each, version, **components) for each in responses))


def of_requests(old: Any, new: Any) -> Comparison:
    """Compare two documents whose one request has a body of these schemas."""
    return compared(*map(posting, (old, new)))


def of_parameters(old: Any, new: Any) -> Comparison:
    """Compare two documents whose one parameter has these schemas."""
    parameters = [{"name": "at", "in": "query", "required": True, "schema": each} for each in (old, new)]
    none = {"204": {"description": ""}}
    return compared(*(openapi(answering(none, parameters=[each])) for each in parameters))


def posting(schema: Any, **body: Any) -> dict[str, Any]:
    """Return a document with one POST whose request has a body of this schema."""
    content = {"application/json": {"schema": schema}}
    operation = {
        "operationId": OPERATION,
        "requestBody": {"required": True, "content": content} | body,
        "responses": {"204": {"description": ""}},
    }
    return openapi({"/thing": {"post": operation}})


def at(schema: Any) -> dict[str, Any]:
    """Return the schema of an object with one required property `at`."""
    return {"type": "object", "required": ["at"], "properties": {"at": schema}}


def rules(found: Comparison) -> set[str]:
    """Return the rules of the breaking changes."""
    return {each.rule for each in found.breaking}


def only(found: Comparison) -> Change:
    """Return the one breaking change."""
    (change,) = found.breaking
    return change


@frozen
class Case:
    """A change from one schema to another, and its rule."""

    name: str
    old: Any
    new: Any
    rule: str
