"""The command `bluejay-results` as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._farewell import farewell
from .exit_codes import exit_code
from .process import Program

if TYPE_CHECKING:
    import typer


def _load() -> typer.Typer:
    from ._app import app

    return app


PROGRAM = Program("bluejay-results", "cli", _load, exit_code, farewell)
