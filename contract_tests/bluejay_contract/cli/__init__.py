"""The command `bluejay-contract`."""

from __future__ import annotations

import sys

from .program import run

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    sys.exit(run())
