"""Waiting for a run, with its progress on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from bluejay_results._defaults import POLL_INTERVAL, TOOL_CALL_GRACE, WAIT_TIMEOUT

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun
    from bluejay_results.results.run import SimulationRun


@frozen
class Patience:
    """The options that say how long to wait; None where an option is not given."""

    timeout: float | None = None
    poll_interval: float | None = None
    tool_call_grace: float | None = None
    har: str | None = None
    """The file to record to."""

    def check(self) -> None:
        """Raise UsageError for a time that makes no sense, before a run is queued."""
        from bluejay_results.client.config import seconds  # loaded late: it brings the HTTP stack

        seconds("timeout", _given(self.timeout, WAIT_TIMEOUT))
        seconds("poll_interval", _given(self.poll_interval, POLL_INTERVAL))
        seconds("tool_call_grace", _given(self.tool_call_grace, TOOL_CALL_GRACE), may_be_0=True)

    def wait(self, client: BluejayClient, run: str | QueuedRun) -> SimulationRun:
        """Wait for a run as `BluejayClient.wait` does."""
        from .progress import progress  # loaded late: it brings rich
        from .recording import recorded

        run_id = run if isinstance(run, str) else run.run_id
        with recorded(self.har) as recorder, progress(run_id) as (on_update, on_fault):
            return client.wait(
                run,
                timeout=_given(self.timeout, WAIT_TIMEOUT),
                poll_interval=_given(self.poll_interval, POLL_INTERVAL),
                tool_call_grace=_given(self.tool_call_grace, TOOL_CALL_GRACE),
                on_update=on_update,
                on_fault=on_fault,
                recorder=recorder,
            )


def _given(value: float | None, default: float) -> float:
    return default if value is None else value
