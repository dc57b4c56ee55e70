"""The mutation operators by name, read from `operators.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from .model import PROTOCOL, Operator, Strictness

_PREFIXES = ("no-header", "content-type", "charset", "status")
"""Operators of several faults, whose names begin with the operator's name."""


def _read() -> dict[str, Operator]:
    read = tomllib.loads((files(__package__) / "operators.toml").read_text(encoding="utf-8"))
    return {
        name: Operator(name, Strictness(each["strictness"]), each["source"], each.get("reason", ""))
        for each in read["operators"]
        for name in each["names"]
    }


OPERATORS = _read()


def operator_of(group: str, name: str) -> Operator:
    """Return the operator of a mutant.

    Raises:
        LookupError: No operator makes such mutants.
    """
    if group == PROTOCOL:
        known = [name, *(each for each in _PREFIXES if name.startswith(each))]
    else:
        known = [f"{group} {name}", f"{group} {name.partition('-')[0]}", group]
    for each in known:
        if each in OPERATORS:
            return OPERATORS[each]
    raise LookupError(f"No operator in operators.toml makes the mutant {name!r} of {group!r}.")
