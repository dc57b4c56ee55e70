"""The command `wait`; `gate` waits the same way.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import TYPE_CHECKING

from .options import Connection, Form, Har, Run, Version, Waiting
from .output import write, written_on_error
from .signals import on_interrupt, stop_on_signals
from .source import only_run_id, prepare_recording

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun
    from bluejay_results.results.run import SimulationRun

EXAMPLES = """\
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --har run.har
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay
"""


def wait(
    run_id: Run,
    *,
    form: Form,
    har: Har = None,
    waiting: Waiting,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Wait until a run is settled, then show it.

    A run is settled if it has ended, no conversation is under way or waits for its score, and no conversation
    is missing. A conversation is fetched by id if its verdict or tool calls may be missing from the list.
    Progress goes to stderr.
    """
    on_interrupt("The run is not affected.")
    stop_on_signals()

    run_id = only_run_id(run_id)
    prepare_recording(har, run_id, connection)
    with written_on_error(form), connection.client() as client:
        run = settled(client, run_id, waiting, har)
    write(run, form)


def settled(
    client: "BluejayClient", run: "str | QueuedRun", waiting: Waiting, har: str | None
) -> "SimulationRun":
    """Wait for a run, and show the progress."""
    from .progress import progress  # loaded late: it imports the models

    with progress(run if isinstance(run, str) else run.run_id) as (on_update, on_fault):
        return client.wait(
            run,
            timeout=waiting.timeout,
            poll_interval=waiting.poll_interval,
            tool_call_grace=waiting.tool_call_grace,
            on_update=on_update,
            on_fault=on_fault,
            record=har,
        )
