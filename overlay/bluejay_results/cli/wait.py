"""The command `wait`; `queue --wait` and `gate` wait the same way.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import gc
from typing import TYPE_CHECKING

from attrs import frozen

from bluejay_results._defaults import (
    MAX_BODY_BYTES,
    POLL_INTERVAL,
    TOOL_CALL_GRACE,
    WAIT_TIMEOUT,
)
from bluejay_results.results.run import SimulationRun

from .har_option import prepare
from .key import KeyOptions
from .options import (
    AsJson,
    AsJsonLines,
    BaseUrl,
    Har,
    KeyCommand,
    KeyFile,
    ListAll,
    MaxBytes,
    Organization,
    PollInterval,
    Run,
    Timeout,
    ToolCallGrace,
    Version,
)
from .output import OutputOptions, write, written_on_error
from .progress import progress
from .signals import on_interrupt, stop_on_signals
from .source import connect, only_run_id

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun

HELP = """\
Examples:
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --har run.har
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay

Environment and exit codes: bluejay-results --help"""


@frozen
class WaitOptions:
    """The options for a wait; None for an option that is not given."""

    timeout: float | None = None
    poll_interval: float | None = None
    tool_call_grace: float | None = None
    har: str | None = None
    """The HAR file to write."""

    @property
    def grace(self) -> float:
        """Seconds after the end of a conversation in which its tool calls may still arrive."""
        return _given(self.tool_call_grace, TOOL_CALL_GRACE)

    def check(self) -> None:
        """Raise UsageError for an invalid time, before a run is queued."""
        from bluejay_results.client.config import seconds  # loaded late: it imports the HTTP stack

        seconds("timeout", _given(self.timeout, WAIT_TIMEOUT))
        seconds("poll_interval", _given(self.poll_interval, POLL_INTERVAL))
        seconds("tool_call_grace", self.grace, may_be_0=True)

    def wait(self, client: "BluejayClient", run: "str | QueuedRun") -> SimulationRun:
        """Wait for a run as `BluejayClient.wait` does."""
        run_id = run if isinstance(run, str) else run.run_id
        with progress(run_id) as (on_update, on_fault):
            return client.wait(
                run,
                timeout=_given(self.timeout, WAIT_TIMEOUT),
                poll_interval=_given(self.poll_interval, POLL_INTERVAL),
                tool_call_grace=self.grace,
                on_update=on_update,
                on_fault=on_fault,
                record=self.har,
            )


def wait(
    run_id: Run,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    har: Har = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Wait until a run is settled, then show it.

    A run is settled if it has ended, no conversation is under way or waits for its score, and no conversation
    is missing. A conversation is fetched by id if its verdict or tool calls may be missing from the list.
    Progress goes to stderr.
    """
    gc.enable()  # each poll leaves an old run in memory
    on_interrupt("The run is not affected.")
    stop_on_signals()

    output = OutputOptions(list_all, as_json, as_json_lines)
    output.check()
    run_id, key = only_run_id(run_id), KeyOptions(api_key_file, api_key_command, organization)
    prepare(har, run_id, api_key_file)
    options = WaitOptions(timeout, poll_interval, tool_call_grace, har)
    with written_on_error(output), connect(base_url, key, max_bytes) as client:
        run = options.wait(client, run_id)
    write(run, output)


def _given(value: float | None, default: float) -> float:
    return default if value is None else value
