"""The command `bluejay-results` as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .exit_codes import exit_code
from .interrupt import farewell
from .process import Program

if TYPE_CHECKING:
    import typer


def _load() -> typer.Typer:
    from .app import app

    return app


PROGRAM = Program("bluejay-results", "cli", _load, exit_code, farewell)
