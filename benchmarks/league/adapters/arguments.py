"""The arguments of a call: each parameter that a generated function requires, found by its name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any


def required(function: Callable[..., Any], request: dict[str, Any], *given: str) -> dict[str, Any]:
    """Return the values of a function's required parameters by name, except those named in `given`.

    A required parameter that isn't in the path, the query or the headers gets the body.
    """
    values = {
        _plain(name): value
        for place in ("header", "query", "path")
        for name, value in request["parameters"][place].items()
    }
    signature = inspect.signature(function).parameters
    names = [name for name, each in signature.items() if each.default is each.empty]
    return {name: values.get(_plain(name), request.get("body")) for name in names if name not in given}


def snake_case(name: str) -> str:
    """Return a name as both generators for Python write it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()


def _plain(name: str) -> str:
    """Return the letters and digits of a name in lower case, because generators change other characters."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
