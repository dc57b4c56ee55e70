"""The rich console of the command line."""

import sys

from rich.console import Console

_MINIMAL_WIDTH = 40


def console(*, stderr: bool = False) -> Console:
    """Make a console for stdout or stderr that takes no text for markup; only a terminal limits its width."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    made.width = max(made.width, _MINIMAL_WIDTH) if is_terminal else sys.maxsize
    return made
