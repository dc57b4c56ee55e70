"""The commands of `bluejay-results`."""

from . import compare, gate, queue, show, wait
from .exit_codes import ExitCode
from .options import ENVIRONMENT, Command, Version, make_app

_HELP = f"""\
Examples:
  bluejay-results queue 731 --wait  queue a run and wait for it
  bluejay-results wait 48213 --timeout 600  wait until a run has settled
  bluejay-results gate 48213 --min-pass-rate 80  decide whether to ship
  bluejay-results compare 48100 48213  better or worse than an earlier run
  bluejay-results show 48213  show it
  bluejay-results wait 48213 --har run.har  wait, and record what the service sends
  bluejay-results show run.har  show it again

{ENVIRONMENT}
  BLUEJAY_LOG  debug: a line for each request, on stderr
  NO_COLOR  no colours
  COLUMNS  width of the terminal"""
app = make_app(_HELP, ExitCode)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Queue Bluejay simulation runs and read their results."""


for module in (queue, gate, compare, wait, show):
    name = module.__name__.rpartition(".")[2]
    app.command(name, cls=Command, epilog=module.HELP)(getattr(module, name))
