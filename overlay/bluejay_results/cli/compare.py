"""The command `compare`.

Annotations aren't postponed here (PEP 563): typer would have to evaluate postponed ones at each start.
"""

from typing import Annotated

import typer

from .connection import Connection
from .options import OUTPUTS, AsJson, Version, argument, option
from .process import on_interrupt
from .source import read_all

EXAMPLES = """\
  bluejay-results compare 48100 48213
  bluejay-results compare before.har 48213 --json
  bluejay-results gate 48213 && bluejay-results compare 48100 48213 --fail-if-worse
"""

_KINDS = "a run id, the URL of a run in the app, a recording, a saved body or -."


def compare(
    base: Annotated[str, argument("BASE", f"The earlier run: {_KINDS}")],
    run: Annotated[str, argument("RUN", f"The later run: {_KINDS}")],
    *,
    fail_if_worse: Annotated[
        bool,
        option(
            OUTPUTS,
            None,
            "Exit with 1 if the run is worse, with 4 if a run is not settled, and with 6 if that can't be "
            "decided: a run is not a measurement, fewer than five callers are in both runs, or the verdict "
            "depends on unknown conversations. Without this option, every comparison exits with 0.",
            "--fail-if-worse",
        ),
    ] = False,
    as_json: AsJson = False,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Compare a run with an earlier one, caller by caller: worse, better or can't tell.

    A conversation is fetched by id if its verdict or tool calls may be missing from the run's list.
    """
    from bluejay_results.compare import compare as compare_runs  # loaded late: --help doesn't need it

    from .compare_outputs import write

    on_interrupt("The runs are not affected.")

    comparison = compare_runs(*read_all([base, run], connection))
    write(comparison, as_json=as_json)
    raise typer.Exit(comparison.exit_code if fail_if_worse else 0)
