"""The `compare` command.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from typing import Annotated

from .connection import Connection
from .options import AsJson, Version, argument
from .process import on_interrupt
from .source import read_all

EXAMPLES = """\
  bluejay-results compare 48229 48232
  bluejay-results compare before.har 48213 --json
"""

_KINDS = "a run id, the URL of a run in the app, a recording, a saved body or -."


def compare(
    base: Annotated[str, argument("BASE", f"The earlier run: {_KINDS}")],
    run: Annotated[str, argument("RUN", f"The later run: {_KINDS}")],
    *,
    as_json: AsJson = False,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Compare a run with an earlier one, caller by caller: worse, better or can't tell.

    The comparison doesn't affect the exit code; to gate on it, use gate --base. A conversation is fetched by
    id if its verdict or tool calls might be missing from the run's list.
    """
    from bluejay_results.compare import compare as compare_runs  # loaded late: --help doesn't need it

    from .compare_outputs import write

    on_interrupt("The runs are not affected.")

    before, now = read_all([base, run], connection)
    write(compare_runs(before, now), as_json=as_json)
