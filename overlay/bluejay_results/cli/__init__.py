"""The `bluejay-results` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .process import run_program

if TYPE_CHECKING:
    import typer

__all__ = ["main"]


def main() -> int:
    """Run the command line in `sys.argv` and return the exit code."""
    return run_program("bluejay-results", _load)


def _load() -> typer.Typer:
    from .app import app  # loaded late: it needs typer, which is installed with an extra

    return app
