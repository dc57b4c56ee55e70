"""Builds valid requests for operations, valid header values, and bodies without a schema."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.operations import PLACES, Documented, Listed, Value, is_json
from contract_kit.read.reader import Reader

from .exchange import Request
from .forms import encoded
from .model import RECEIVER, Operation
from .styles import written
from .valid_bodies import some_value, valid_value

_XML = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?xml(?:\s*;.*)?", re.IGNORECASE)
_PARAMETER = re.compile(r"\{[^{}/]+\}")
_URL_HEADERS = ("location", "content-location")
_URL = "http://127.0.0.1/"
"""A URL on this machine, because a client might follow it."""


def operation_of(reader: Reader, validators: Validators, listed: Listed) -> Operation:
    """Return an operation that includes a valid request.

    Raises:
        UncoverableError: No valid request was found.
    """
    if reader.webhooks:  # only the user knows the receiver's URL
        request = Request(listed.method, "/", {}, None, {}, {place: {} for place in PLACES})
        return Operation(listed.id, listed.method, listed.path, request, role=RECEIVER)
    path, arguments, headers = listed.path, dict[str, Any](), dict[str, str]()
    by_place: dict[str, dict[str, Any]] = {place: {} for place in PLACES}
    texts: dict[str, list[str]] = {"query": [], "cookie": []}
    parameters = list(reader.values(listed))
    names = Counter(each.name for each in parameters)
    for each in parameters:
        value = _value(validators, each, some_value)
        is_unclear = names[each.name] > 1 or each.name == "body"
        arguments[f"{each.place}.{each.name}" if is_unclear else each.name] = value
        by_place[each.place][each.name] = value
        text = written(each.described, value)
        if each.place == "path":
            path = path.replace("{" + each.name + "}", text or "-")
        elif each.place == "header":
            headers[each.name] = text
        else:
            texts[each.place].append(text)
    if missing := re.search(r"\{([^}]*)\}", path):
        raise UncoverableError(
            f"The path has {{{missing[1]}}}, but no parameter with that name is documented."
        )
    sent = None
    if (body := reader.body(listed)) is not None:
        try:
            value = {} if body.schema is None else some_value(validators, body.schema, body.examples)
            headers["Content-Type"], sent = encoded(validators, body, value)
            arguments["body"] = value
        except UncoverableError:
            if body.is_required:
                raise
    headers |= {"Cookie": "; ".join(texts["cookie"])} if texts["cookie"] else {}
    target = path + ("?" + "&".join(texts["query"]) if texts["query"] else "")
    request = Request(listed.method, target, headers, sent, arguments, by_place)
    return Operation(listed.id, listed.method, listed.path, request)


def path_pattern(template: str) -> str:
    """Return a regular expression for a path template, in syntax common to Python and other languages."""
    return "[^/]+".join(map(re.escape, _PARAMETER.split(template)))


def header_values(validators: Validators, documented: Documented) -> dict[str, str]:
    """Return a valid value for each header that the document declares for a response.

    Raises:
        UncoverableError: No valid value was found.
    """
    found = {}
    for each in documented.headers:
        value = _value(validators, each, valid_value)
        if each.name.lower() in _URL_HEADERS and "/" not in str(value):
            value = _value(validators, each, valid_value, _URL)
        found[each.name] = written({"in": "header", "name": each.name} | each.described, value)
    return found


def _value(
    validators: Validators,
    described: Value,
    build: Callable[[Validators, Any, dict[str, Any]], Any],
    example: str | None = None,
) -> Any:
    raw = described.described | ({} if example is None else {"example": example})
    if described.schema is None:
        return raw.get("example", "text")
    return build(
        validators,
        described.schema,
        {"example": raw["example"]} if "example" in raw and "schema" in raw else {},
    )


def plain_body(documented: Documented) -> bytes:
    """Return a body for a response without a JSON schema: the document's example, or else a short string."""
    example = next(iter(documented.examples.values()), None if documented.content_type else "")
    if is_json(documented.content_type or ""):
        return json.dumps({} if example is None else example, ensure_ascii=False).encode()
    if isinstance(example, str):
        return example.encode()
    return b"<text/>" if _XML.fullmatch(documented.content_type or "") else b"text"


def is_sure(documented: Documented) -> bool:
    """Whether the response's body is certain to be valid for its content type."""
    kind = documented.content_type or "text/plain"
    plain = kind.lower().startswith(("text/", "application/octet-stream")) or _XML.fullmatch(kind)
    return is_json(kind) or bool(documented.examples) or bool(plain)
