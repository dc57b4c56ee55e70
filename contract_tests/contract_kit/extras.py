"""The message for a missing library that one of this package's extras installs."""

from __future__ import annotations


def install_advice(error: ModuleNotFoundError, extra: str) -> str:
    """Return a message that names the missing library and the command that installs the extra."""
    missing = (error.name or "A library").partition(".")[0]
    return f"{missing} is missing. In a checkout, run: pip install '.[{extra}]'"
