"""The command `bluejay-contract`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    try:
        from .program import PROGRAM  # loaded late: Ctrl-C may come while it is

        code = PROGRAM.run()
    except KeyboardInterrupt:
        from .program import PROGRAM

        code = PROGRAM.interrupted()
    sys.exit(code)
