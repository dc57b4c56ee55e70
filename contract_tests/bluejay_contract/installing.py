"""What to install if a library or the contract kit is missing."""

from __future__ import annotations


def to_install(extra: str) -> str:
    """Return the pip arguments that install an extra which needs the contract kit."""
    return f"./contract_kit '.[{extra}]'"


def install_advice(error: ModuleNotFoundError, extra: str) -> str:
    """Return a message with the missing library's name and the command that installs the extra."""
    missing = (error.name or "A library").partition(".")[0]
    return f"{missing} is not installed. In a checkout, run: pip install {to_install(extra)}"
