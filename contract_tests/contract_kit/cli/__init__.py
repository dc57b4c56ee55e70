"""The command `contract-kit`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    try:
        from .program import run  # loaded late, so that Ctrl-C during the import is caught

        code = run()
    except KeyboardInterrupt:
        sys.stderr.write("contract-kit: Interrupted.\n")
        code = 130
    sys.exit(code)
