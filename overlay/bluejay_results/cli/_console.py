"""The rich console of the command line."""

from __future__ import annotations

import os
import sys

from rich.console import Console

_LOG_WIDTH = 120
_MINIMAL_WIDTH = 40


def console(*, stderr: bool = False) -> Console:
    """Make a console for stdout or stderr that takes no text for markup."""
    made = Console(stderr=stderr, width=_width(), highlight=False, markup=False, emoji=False)
    made.width = max(made.width, _MINIMAL_WIDTH)
    return made


def _width() -> int | None:
    """Return a width for logs, None where rich finds one: from COLUMNS or from a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if os.environ.get("COLUMNS") or any(stream and stream.isatty() for stream in streams):
        return None
    return _LOG_WIDTH
