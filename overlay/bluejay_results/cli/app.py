"""The list of commands. Each command is in the module of the same name, loaded when the command is called."""

from importlib import import_module
from typing import Any

import typer

from .exit_codes import ExitCode
from .options import (
    ENVIRONMENT,
    Command,
    Group,
    Version,
    make_app,
)

_HELP = f"""\
Examples:
  bluejay-results queue 731 --wait  queue a run and wait for it
  bluejay-results wait 48213 --timeout 600  wait until a run has settled
  bluejay-results gate 48213 --min-pass-rate 80  decide whether to ship
  bluejay-results compare 48100 48213  compare a run with an earlier one
  bluejay-results report 48213 -o report.html  write a report on a run as an HTML page
  bluejay-results show 48213  show a run as it is now
  bluejay-results runs 731  list the runs of a simulation
  bluejay-results wait 48213 --har run.har  wait for a run and record the responses
  bluejay-results show run.har  show the recorded run
  bluejay-results export --simulation 731 -o runs  export all runs of a simulation

{ENVIRONMENT}
  BLUEJAY_LOG  if set to debug, print a line for each request on stderr
  NO_COLOR  if set, print no colours
  COLUMNS  width of the terminal"""
SUMMARIES = {
    "queue": "Queue a run of a simulation and print its id.",
    "gate": "Decide whether to ship: wait until a run is settled and judge it by rules.",
    "compare": "Compare a run with an earlier one, caller by caller: worse, better or can't tell.",
    "report": "Write a run as one HTML page: the verdict, what to do next, and the conversations.",
    "wait": "Wait until a run is settled, then show it.",
    "show": "Show a run: what passed, what did not and why.",
    "runs": "List the runs of a simulation, the newest first.",
    "export": "Export settled runs as tables: Parquet, or CSV for spreadsheets.",
}
"""The first sentence of each command's help. Printing the list of commands loads no command."""


class _LazyGroup(Group):
    """A group that loads only the command that is called, and lists commands from `SUMMARIES`."""

    def get_command(self, _context: Any, name: str) -> Any:
        """Return a command; None if no command has this name."""
        return load(name) if name in SUMMARIES else None


def load(name: str) -> Any:
    """Import the module of a command, and make the command from the module's function of the same name."""
    module = import_module(f".{name}", __package__)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, cls=Command, epilog=module.HELP)(getattr(module, name))
    return typer.main.get_command(alone)


app = make_app(_HELP, ExitCode, cls=_LazyGroup)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Queue Bluejay simulation runs and read their results."""


def _placeholder() -> None:
    """Stand in for a command until it is loaded."""


for _name, _summary in SUMMARIES.items():
    app.command(_name, help=_summary)(_placeholder)
