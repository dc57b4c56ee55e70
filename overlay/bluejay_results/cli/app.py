"""Lists the commands. A command's module is imported only to run the command, not to print help."""

from typing import Any

from .command import Group, make_app, make_command
from .exit_codes import ExitCode
from .options import ENVIRONMENT, Version

_HELP = f"""\
{ENVIRONMENT}
  BLUEJAY_LOG  if set to debug, print each request, and the traceback of an internal error, on stderr
  NO_COLOR  if set, don't colour the output
  COLUMNS  the terminal's width"""
SUMMARIES = {
    "queue": "Queue a run of a simulation and print its id.",
    "gate": "Decide whether to ship: wait until the runs are settled, then check them against the rules.",
    "compare": "Compare a run with an earlier one, caller by caller: worse, better or can't tell.",
    "report": "Write an HTML report on a run: the verdict, what to do next, and the conversations.",
    "wait": "Wait until a run is settled, then show it.",
    "show": "Show a run: what passed, what did not and why.",
    "runs": "List a simulation's runs, newest first.",
    "export": "Export settled runs as Parquet tables, or as CSV for spreadsheets.",
}
"""The first sentence of each command's help, kept here so that listing the commands doesn't import them."""


def load(name: str) -> Any:
    """Return a command, or None if no command has this name."""
    module = _module(name)
    return module and make_command(name, getattr(module, name), module.EXAMPLES)


def _module(name: str) -> Any:
    match name:
        case "queue":
            from . import queue

            return queue
        case "gate":
            from . import gate

            return gate
        case "compare":
            from . import compare

            return compare
        case "report":
            from . import report

            return report
        case "wait":
            from . import wait

            return wait
        case "show":
            from . import show

            return show
        case "runs":
            from . import runs

            return runs
        case "export":
            from . import export

            return export
        case _:
            return None


class _LazyGroup(Group):
    """A group that loads only the command to run, and lists commands from `SUMMARIES`."""

    def get_command(self, _context: Any, name: str) -> Any:
        return load(name)


app = make_app(_HELP, ExitCode, cls=_LazyGroup)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Queue Bluejay simulation runs and read their results."""


def _placeholder() -> None:
    """Stand in for a command until it is loaded."""


for _name, _summary in SUMMARIES.items():
    app.command(_name, help=_summary)(_placeholder)
