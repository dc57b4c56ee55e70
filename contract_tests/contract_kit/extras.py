"""The message for a library that an extra of this package installs and that is missing."""

from __future__ import annotations


def install_advice(error: ModuleNotFoundError, extra: str) -> str:
    """Return which library is missing, and the command that installs the extra."""
    missing = (error.name or "A library").partition(".")[0]
    return f"{missing} is missing. In a checkout, run: pip install '.[{extra}]'"
