"""The mutation operators, read from `operators.toml`, by name."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files

from attrs import evolve

from .model import Operator
from .strictness import Strictness

_READ = tomllib.loads((files(__package__) / "operators.toml").read_text(encoding="utf-8"))["operators"]
_BY_NAME = {name: each for each in _READ for name in each["names"]}
OPERATORS = {
    name: Operator(
        name,
        Strictness(each.get("strictness", Strictness.MUST)),
        each.get("source", ""),
        each.get("reason", ""),
        each.get("incident", ""),
        each.get("keeps_meaning", False),
    )
    for name, each in _BY_NAME.items()
}


@functools.cache
def operator_of(name: str, keyword: str | None = None) -> Operator:
    """Return an operator. If it has no source of its own, use the source for the keyword that it breaks."""
    found = OPERATORS[name]
    if found.source or not keyword:
        return found
    standard = OPERATORS[_BY_NAME[name].get("like", keyword)]
    return evolve(found, strictness=standard.strictness, source=standard.source, reason=standard.reason)
