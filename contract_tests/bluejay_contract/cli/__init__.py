"""The command `bluejay-contract`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    try:
        from ._run import run  # loaded late: Ctrl-C may come while it is

        code = run()
    except KeyboardInterrupt:
        from ._run import interrupted

        code = interrupted()
    sys.exit(code)
