"""Builds the valid requests of operations, the values of headers, and bodies that have no schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.operations import PLACES, Documented, Listed, Reader, Value

from .model import Operation, Request
from .valid_bodies import some_value, valid_value

_XML = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?xml(?:\s*;.*)?", re.IGNORECASE)
_URL_HEADERS = ("location", "content-location")
_URL = "http://127.0.0.1/"
"""A URL on this machine, because a client may follow it."""

_SEPARATORS = {"spaceDelimited": "%20", "pipeDelimited": "|"}
_DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


def operation_of(reader: Reader, validators: Validators, listed: Listed) -> Operation:
    """Return an operation with a valid request.

    Raises:
        UncoverableError: No valid request was found.
    """
    path, arguments, headers = listed.path, dict[str, Any](), dict[str, str]()
    by_place: dict[str, dict[str, Any]] = {place: {} for place in PLACES}
    texts: dict[str, list[str]] = {"query": [], "cookie": []}
    parameters = list(reader.values(listed))
    names = [each.name for each in parameters]
    for each in parameters:
        value = _value(validators, each, some_value)
        is_unclear = names.count(each.name) > 1 or each.name == "body"
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
    encoded = None
    if (body := reader.body(listed)) is not None:
        value = {} if body.schema is None else some_value(validators, body.schema, body.examples)
        arguments["body"] = value
        headers["Content-Type"] = body.content_type
        encoded = json.dumps(value, ensure_ascii=False).encode()
    headers |= {"Cookie": "; ".join(texts["cookie"])} if texts["cookie"] else {}
    target = path + ("?" + "&".join(texts["query"]) if texts["query"] else "")
    request = Request(listed.method, target, headers, encoded, arguments, by_place)
    return Operation(listed.id, listed.method, listed.path, request)


def header_values(validators: Validators, documented: Documented) -> dict[str, str]:
    """Return a valid value of each header that a response declares.

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
    """Return the body of a response without a JSON schema: its example, or else the shortest valid body."""
    example = next(iter(documented.examples.values()), None if documented.content_type else "")
    if documented.is_json:
        return json.dumps({} if example is None else example, ensure_ascii=False).encode()
    if isinstance(example, str):
        return example.encode()
    return b"<text/>" if _XML.fullmatch(documented.content_type or "") else b"text"


def is_sure(documented: Documented) -> bool:
    """Whether the kit knows that the body of a response is valid for its content type."""
    kind = documented.content_type or "text/plain"
    plain = kind.lower().startswith(("text/", "application/octet-stream")) or _XML.fullmatch(kind)
    return documented.is_json or bool(documented.examples) or bool(plain)


def written(parameter: dict[str, Any], value: Any) -> str:
    """Return a parameter as part of the request, with its name if the style requires the name."""
    place, name = parameter["in"], parameter["name"]
    if "content" in parameter:
        is_plain = isinstance(value, str) and not any("json" in kind.lower() for kind in parameter["content"])
        text = _encoded(value if is_plain else json.dumps(value, ensure_ascii=False), place)
        return text if place in ("path", "header") else f"{quote(name, safe='')}={text}"
    style = parameter.get("style", _DEFAULT_STYLES[place])
    explode = parameter.get("explode", style in ("form", "deepObject"))
    if style == "deepObject" and isinstance(value, dict):
        return "&".join(f"{name}[{_plain(key, place)}]={_plain(each, place)}" for key, each in value.items())
    if style in ("form", *_SEPARATORS):
        return _form(name, value, explode, _SEPARATORS.get(style, ","), place)
    if style == "matrix":
        return _matrix(name, value, explode, place)
    if style == "label":
        return "." + _joined(value, explode, "." if explode else ",", place)
    return _joined(value, explode, ",", place)


def _form(name: str, value: Any, explode: bool, separator: str, place: str) -> str:
    between = "&" if place == "query" else "; "
    name = quote(name, safe="")
    if isinstance(value, list | dict) and explode:
        return between.join(_pairs(name, value, place))
    return f"{name}={_joined(value, False, separator, place)}"


def _matrix(name: str, value: Any, explode: bool, place: str) -> str:
    if isinstance(value, list | dict) and explode:
        return "".join(f";{pair}" for pair in _pairs(name, value, place))
    return f";{name}={_joined(value, False, ',', place)}"


def _pairs(name: str, value: list[Any] | dict[str, Any], place: str) -> list[str]:
    if isinstance(value, list):
        return [f"{name}={_plain(each, place)}" for each in value]
    return [f"{_plain(key, place)}={_plain(each, place)}" for key, each in value.items()]


def _joined(value: Any, explode: bool, separator: str, place: str) -> str:
    if isinstance(value, list):
        return separator.join(_plain(each, place) for each in value)
    if isinstance(value, dict):
        between = "=" if explode else separator
        return separator.join(
            f"{_plain(key, place)}{between}{_plain(each, place)}" for key, each in value.items()
        )
    return _plain(value, place)


def _plain(value: Any, place: str) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return _encoded(json.dumps(value), place)
    return _encoded(str(value), place)


def _encoded(text: str, place: str) -> str:
    if place != "header":
        return quote(text, safe="")
    return text.encode("ascii", "replace").decode()
