"""The command `bluejay-contract`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    try:
        from .program import PROGRAM  # loaded late, so that Ctrl-C during the import is caught

        code = PROGRAM.run()
    except KeyboardInterrupt:
        from .program import PROGRAM

        code = PROGRAM.interrupted()
    sys.exit(code)
