"""When a failed request is sent again, when a run is polled again, and after how long."""

import logging
import random
from collections.abc import Callable

from ._call import Call
from ._clock import Deadline
from ._config import seconds
from .errors import (
    BluejayError,
    ConnectionFailedError,
    ResponseError,
    TLSError,
    UnexpectedStatusError,
    WaitTimeoutError,
)
from .run import SimulationRun
from .status import RETRIED_STATUSES

OnUpdate = Callable[[SimulationRun], None]
OnFault = Callable[[BluejayError], None]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""Pauses between retries (s): they double, and up to the jitter is added by chance."""

_LOG = logging.getLogger("bluejay_results")


class Retries:
    """Decides after each failed attempt of one call whether to try again, and after which pause."""

    def __init__(self, count: int, deadline: Deadline) -> None:
        self._left = count
        self._deadline = deadline
        self._attempts = 0

    def pause_after(self, error: BluejayError) -> float:
        """Return the seconds until the next attempt, or raise the error.

        It is raised if it is not transient, no retry is left, or the deadline leaves no room for another.
        """
        self._attempts += 1
        pause = _requested_pause(error)
        if pause is None:
            backoff = FIRST_PAUSE * 2 ** (self._attempts - 1)
            pause = min(LONGEST_PAUSE, backoff + random.uniform(0, JITTER))  # noqa: S311 - no secret
        if not _is_transient(error) or self._attempts > self._left or pause >= self._deadline.room():
            raise error
        _LOG.info("attempt %d failed, next in %.1f s: %s", self._attempts, pause, error)
        return pause


class Polling:
    """Decides after each poll of a run whether to go on, and after which pause."""

    def __init__(
        self, call: Call, poll_interval: float, on_update: OnUpdate | None, on_fault: OnFault | None
    ) -> None:
        self._call = call
        self._poll_interval = seconds("poll_interval", poll_interval)
        self._on_update = on_update
        self._on_fault = on_fault
        self._last_run: SimulationRun | None = None
        self._last_error: BluejayError | None = None

    def is_settled(self, run: SimulationRun) -> bool:
        """Take note of the run as it is now; return whether it is settled."""
        self._last_run, self._last_error = run, None
        if self._on_update:
            self._on_update(run)
        return run.is_settled

    def failed(self, error: BluejayError) -> None:
        """Take note of a poll that failed, or raise its error if it is not transient."""
        # If the first poll can't connect, the URL is more likely wrong than the service away.
        never_connected = self._last_run is None and isinstance(error, ConnectionFailedError)
        if never_connected or not (_is_transient(error) or _is_cdn_fault(error)):
            raise error
        self._last_error = error
        if self._on_fault:
            self._on_fault(error)

    def pause(self) -> float:
        """Return the seconds until the next poll, or raise WaitTimeoutError if there is no room for one."""
        room = self._call.deadline.room()
        requested = _requested_pause(self._last_error) or 0.0
        if room <= 0 or requested > room:
            raise self._timeout(requested)
        return max(requested, min(self._poll_interval, room))

    def _timeout(self, requested: float) -> WaitTimeoutError:
        run, last, run_id = self._last_run, self._last_error, self._call.run_id
        deadline = self._call.deadline
        seen = f"last seen {run.status or 'without a status'}" if run else "no poll succeeded"
        if run and run.violations:
            seen += f", violations of the contract: {len(run.violations)}"
        fault = f"; the last poll failed: {str(last).rstrip('.')}" if last else ""
        if requested:
            fault += f"; it asks for a pause of {requested:.0f} s, and {deadline.left():.0f} s are left"
        error = WaitTimeoutError(
            f"The run {run_id} had not settled within {deadline.seconds:g} s, {seen}{fault}. "
            "Wait longer or look at it in the app.",
            run_id=run_id,
            url=self._call.config.url_of(run_id),
        )
        error.run, error.last_error = run, last
        return error


def _is_transient(error: BluejayError) -> bool:
    """Whether the same request may well succeed a moment later."""
    if error.status_code is not None:
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ConnectionFailedError) and not isinstance(error, TLSError)


def _is_cdn_fault(error: BluejayError) -> bool:
    """A CDN's own 5xx, such as 520: over in a moment more often than not."""
    return isinstance(error, UnexpectedStatusError) and (error.status_code or 0) >= 500


def _requested_pause(error: BluejayError | None) -> float | None:
    """Return the seconds that the server asked to wait, if it did."""
    return error.retry_after if isinstance(error, ResponseError) else None
