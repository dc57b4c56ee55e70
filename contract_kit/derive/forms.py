"""Encodes request bodies as JSON, forms or multipart, with OpenAPI's defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import KEPT_FORMAT
from contract_kit.read.operations import FORM, MULTIPART, Body, mapping, media_type

from .places import places
from .styles import written

_BOUNDARY = "contract-kit-boundary"
_STYLED = {"style", "explode", "allowReserved"}
"""A field whose Encoding Object has one of these keywords is serialized like a query parameter."""
_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
_BINARY = ("binary", "base64")


def encoded(validators: Validators, body: Body, value: Any) -> tuple[str, bytes]:
    """Return the `Content-Type` and the bytes of a request body.

    Raises:
        UncoverableError: The body is a form or multipart, but its value isn't an object.
    """
    kind = media_type(body.content_type)
    if kind not in (FORM, MULTIPART):
        return body.content_type, json.dumps(value, ensure_ascii=False).encode()
    if not isinstance(value, dict):
        raise UncoverableError(f"Its request body is {kind}, but its schema is not an object.")
    if kind == FORM:
        return body.content_type, "&".join(_fields(body, value)).encode()
    parts = [f"--{_BOUNDARY}\r\n{part}\r\n" for part in _parts(validators, body, value)]
    return f"{kind}; boundary={_BOUNDARY}", f"{''.join(parts)}--{_BOUNDARY}--\r\n".encode()


def _fields(body: Body, value: dict[str, Any]) -> Iterator[str]:
    """Yield a form's fields. An object is encoded as JSON unless the document specifies a style."""
    for name, each in value.items():
        encoding = mapping(body.encoding.get(name))
        is_json = isinstance(each, dict) and not _STYLED & encoding.keys()
        described = {"content": {"application/json": {}}} if is_json else encoding
        if field := written({"in": "query", "name": name} | described, each):
            yield field


def _parts(validators: Validators, body: Body, value: dict[str, Any]) -> Iterator[str]:
    """Yield a multipart body's parts. A list becomes one part per item."""
    described = [] if body.schema is None else list(places(validators, body.schema, value))
    for name, each in value.items():
        items, path = (each, (name, 0)) if isinstance(each, list) else ([each], (name,))
        is_binary = any(_is_binary(place.node) for place in described if place.path == path)
        documented = mapping(body.encoding.get(name)).get("contentType", "*")
        for item in items:
            kind = str(documented).partition(",")[0].strip()
            if "*" in kind:
                kind = _default_type(item, is_binary)
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            disposition = f'form-data; name="{name.translate(_ESCAPED)}"'
            yield f"Content-Disposition: {disposition}\r\nContent-Type: {kind}\r\n\r\n{text}"


def _is_binary(node: Node) -> bool:
    has_encoding = "contentEncoding" in node.raw
    return has_encoding or node.get(KEPT_FORMAT) in _BINARY


def _default_type(value: Any, is_binary: bool) -> str:
    if isinstance(value, dict | list):
        return "application/json"
    return "application/octet-stream" if is_binary else "text/plain"
