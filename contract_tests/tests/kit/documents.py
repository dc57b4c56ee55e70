"""Small OpenAPI documents, each of the shape that a test is about."""

import json
from pathlib import Path
from typing import Any

from contract_kit.catalogue import Catalogue
from contract_kit.model import Mutant

OPERATION = "getThing"
LISTED_AND_TOO_LONG = {"type": "string", "enum": ["a", "long"], "maxLength": 2}
"""A schema with a value that is listed and yet not valid, so that it proves nothing."""


def openapi(paths: dict[str, Any], version: str = "3.1.0", **components: Any) -> dict[str, Any]:
    """Return a document with these paths."""
    info = {"title": "Things", "version": "1"}
    return {"openapi": version, "info": info, "paths": paths, "components": components}


def answering(responses: dict[str, Any], **operation: Any) -> dict[str, Any]:
    """Return the paths of one GET with these responses."""
    return {"/thing": {"get": {"operationId": OPERATION, "responses": responses} | operation}}


def json_response(schema: Any, **more: Any) -> dict[str, Any]:
    """Return a response with a JSON body."""
    return {"description": "", "content": {"application/json": {"schema": schema} | more}}


def of_schema(schema: Any, version: str = "3.1.0", **schemas: Any) -> dict[str, Any]:
    """Return a document whose one response has a body of this schema."""
    return openapi(answering({"200": json_response(schema)}), version, schemas=schemas)


def catalogue(folder: Path, document: dict[str, Any], **files: Any) -> Catalogue:
    """Write a document, and files beside it by the names of their stems, and read it."""
    for name, content in ({"openapi": document} | files).items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return Catalogue.load(folder / "openapi.json")


def body(mutant: Mutant) -> Any:
    """Return the document in a mutant's body."""
    return json.loads(mutant.response.body)


def broken(found: Catalogue) -> set[tuple[str | None, str]]:
    """Return the keyword and the location of each mutant that breaks a keyword."""
    return {(each.keyword, each.location) for each in found.mutants() if each.keyword}


def mutants_of(found: Catalogue, part: str) -> list[Mutant]:
    """Return the mutants that have a part in their ids."""
    return [each for each in found.mutants() if part in each.id]
