"""Serializes parameter and form values in OpenAPI's styles."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

_SEPARATORS = {"spaceDelimited": "%20", "pipeDelimited": "|"}
_DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


def written(parameter: dict[str, Any], value: Any) -> str:
    """Return a parameter as it appears in the request, with its name if the style requires the name."""
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
