"""httpx and the pydantic models that datamodel-code-generator writes; also with strict validation."""

from __future__ import annotations

import functools
import os
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import yaml
from pydantic import TypeAdapter

DOCUMENT: Any = yaml.load(  # YAML contains JSON
    Path(os.environ["LEAGUE_DOCUMENT"]).read_text(encoding="utf-8"), yaml.CSafeLoader
)


def call(request: dict[str, Any], *, strict: bool = False) -> Any:
    """Request the operation, raise for an error status, and validate the body with its model."""
    url = request["url"] + request["path"]
    body = request.get("body")
    response = httpx.request(request["method"], url, headers=request["headers"], json=body).raise_for_status()
    reader = _reader(
        request["template"], request["method"].lower(), request["operation"], response.status_code
    )
    return reader.validate_json(response.content, strict=strict) if reader else response.content


def call_strictly(request: dict[str, Any]) -> Any:
    """Do the same as `call`, but refuse values of a wrong type instead of converting them."""
    return call(request, strict=True)


@functools.cache
def _reader(path: str, method: str, operation: str, status: int) -> TypeAdapter[Any] | None:
    """Return the model of a documented response; None if the response has no JSON."""
    responses = {str(code): each for code, each in DOCUMENT["paths"][path][method]["responses"].items()}
    codes = (str(status), "2XX", "default")
    documented: Any = next((responses[code] for code in codes if code in responses), {})
    content = _resolved(documented).get("content", {})
    schemas = [media["schema"] for kind, media in content.items() if "json" in kind or kind == "*/*"]
    if not schemas:
        return None
    # A schema without a name gets the name of its operation.
    name = schemas[0].get("$ref", f"{operation}Response").rpartition("/")[2]
    return TypeAdapter(MODELS[_plain(name)])


def _models() -> dict[str, Any]:
    """Return the classes of the generated package by name; `a.B` is the class `B` of the module `a`."""
    package = import_module("league_models")
    names = [name for _, name, _ in pkgutil.walk_packages(getattr(package, "__path__", ()), "league_models.")]
    return {
        _plain(f"{module.__name__.removeprefix(package.__name__)}{name}"): value
        for module in (import_module(each) for each in reversed([package.__name__, *names]))
        for name, value in vars(module).items()
        if isinstance(value, type)
    }


def _resolved(node: Any) -> Any:
    return DOCUMENT["components"]["responses"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


MODELS = _models()
