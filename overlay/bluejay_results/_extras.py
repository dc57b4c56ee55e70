"""Imports modules that are installed only with an extra of this package."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .errors import UsageError


def needed(module: str, extra: str) -> Any:
    """Import a module; if it is missing, raise a UsageError that names the extra to install."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or module
        advice = f"In a checkout, run: pip install '.[{extra}]'"
    raise UsageError(f"{missing} is not installed. {advice}")
