"""The mutation operators by name, read from `operators.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from .model import Operator, Strictness


def _read() -> dict[str, Operator]:
    read = tomllib.loads((files(__package__) / "operators.toml").read_text(encoding="utf-8"))
    return {
        name: Operator(name, Strictness(each["strictness"]), each["source"], each.get("reason", ""))
        for each in read["operators"]
        for name in each["names"]
    }


OPERATORS = _read()
