"""The arguments of a call, by the names that both generators for Python give them."""

from __future__ import annotations

import re
from typing import Any


def required(request: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters in path and headers, which every call needs, by their Python names."""
    given = {**request["parameters"]["path"], **request["parameters"]["header"]}
    return {snake_case(name): value for name, value in given.items()}


def snake_case(name: str) -> str:
    """Return a name as both generators for Python write it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()
