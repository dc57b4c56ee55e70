"""The `wait` command; `gate` waits the same way.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from typing import TYPE_CHECKING, Annotated, Any

from attrs import frozen

from bluejay_results._defaults import POLL_INTERVAL, TOOL_CALL_GRACE, WAIT_TIMEOUT
from bluejay_results.errors import WaitTimeoutError
from bluejay_results.results.app_url import run_id_in

from .command import OptionGroup
from .connection import Connection
from .options import Har, Run, Version, option
from .process import on_interrupt
from .show import Form, write
from .source import check_run_id, prepare_recording

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun
    from bluejay_results.results.run import SimulationRun

EXAMPLES = """\
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --har run.har
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay
"""


def _seconds(text: str, default: float) -> Any:
    """Declare an option for a duration."""
    return option("Waiting", "SECONDS", f"{text} (default: {default:g}).", show_default=False)


@frozen
class Waiting(OptionGroup):
    """How to wait for a run."""

    timeout: Annotated[float, _seconds("Seconds to wait", WAIT_TIMEOUT)] = WAIT_TIMEOUT
    poll_interval: Annotated[float, _seconds("Seconds between polls", POLL_INTERVAL)] = POLL_INTERVAL
    tool_call_grace: Annotated[
        float,
        _seconds(
            "Seconds after a conversation ends during which its tool calls can still arrive", TOOL_CALL_GRACE
        ),
    ] = TOOL_CALL_GRACE

    def check(self) -> None:
        """Raise UsageError for an invalid duration, before a run is queued."""
        from bluejay_results.client.deadline import seconds  # loaded late: it imports httpx

        seconds("timeout", self.timeout)
        seconds("poll_interval", self.poll_interval)
        seconds("tool_call_grace", self.tool_call_grace, may_be_0=True)


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

    A run is settled if it has ended, no conversation is under way or waiting for its score, and none is
    missing. A conversation is fetched by id if its verdict or tool calls might be missing from the list.
    Progress goes to stderr.
    """
    on_interrupt("The run is not affected.")

    check_run_id(run_id)
    prepare_recording(har, run_id, connection=connection)
    try:
        with connection.client() as client:
            run = settled(client, run_id, waiting, har)
    except WaitTimeoutError as error:
        if error.run:
            write(error.run, form)
        raise
    write(run, form)


def settled(
    client: "BluejayClient",
    run: "str | QueuedRun",
    waiting: Waiting,
    har: str | None,
    *,
    is_alone: bool = True,
) -> "SimulationRun":
    """Wait for a run and show its progress, as one live line if no other run is awaited."""
    from .progress import progress  # loaded late: it imports the models

    run_id = run_id_in(run) if isinstance(run, str) else run.run_id
    with progress(run_id, is_alone=is_alone) as (on_update, on_fault):
        return client.wait(
            run,
            timeout=waiting.timeout,
            poll_interval=waiting.poll_interval,
            tool_call_grace=waiting.tool_call_grace,
            on_update=on_update,
            on_fault=on_fault,
            record=har,
        )
