"""`make public-surface` writes `public_surface.txt`: each public name with its parameters or members."""

import importlib
import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("public_surface.txt")
MODULES = (
    "bluejay_results",
    "bluejay_results.compare",
    "bluejay_results.export",
    "bluejay_results.gate",
    "bluejay_results.report",
    "bluejay_results.webhooks",
    "bluejay_contract.stub",
    "contract_kit",
)
"""The modules from which users import names. `bluejay_results` also exports every error."""
OURS = ("bluejay_results", "bluejay_contract", "contract_kit")


def surface() -> str:
    """Return one line for each public name, and for each public member of a class."""
    return "".join(f"{line}\n" for module in MODULES for line in _lines(module))


def _lines(module: str) -> Iterator[str]:
    offered = importlib.import_module(module)
    for name in sorted(offered.__all__):
        value = getattr(offered, name)
        yield f"{module}.{name}{_parameters(value)}"
        if inspect.isclass(value):
            yield from (f"{module}.{name}.{member}" for member in _members(value))


def _members(kind: type) -> Iterator[str]:
    """Yield the members defined by a class and by our own base classes; methods with their parameters."""
    for name in dir(kind):
        is_ours = any(name in vars(base) and base.__module__.startswith(OURS) for base in kind.__mro__)
        if is_ours and not name.startswith("_"):
            member = getattr(kind, name)
            yield name + (_parameters(member) if inspect.isroutine(member) else "")


def _parameters(value: Any) -> str:
    """Return a function's or class's parameter names, with `=` after those that have a default."""
    if not callable(value) or (inspect.isclass(value) and issubclass(value, Enum)):
        return ""
    bare = [
        each.replace(annotation=each.empty, default=each.empty if each.default is each.empty else _Default())
        for each in inspect.signature(value).parameters.values()
    ]
    return str(inspect.Signature(bare))


class _Default:
    def __repr__(self) -> str:
        return ""


if __name__ == "__main__":
    FILE.write_text(surface())
