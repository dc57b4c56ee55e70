"""Decides when to poll a run again, and when to stop waiting."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from attrs import define, field, frozen
from bluejay_api.models import SimulationRunResultResponse, SimulationRunStatus

from ..errors import (
    BluejayError,
    ConnectionFailedError,
    RunNotFoundError,
    WaitTimeoutError,
)
from ..results.outcome import Outcome, Phase, run_phase
from ..results.responses import is_cdn_fault, is_transient
from ..results.run import SimulationRun
from .deadline import Deadline
from .retries import OnFault, requested_pause


@frozen
class RunProgress:
    """A run's status and counters, as `wait` received them in one poll.

    Attributes:
        response: The generated model with all fields of the run, without its conversations.
        run: The run with its conversations. None while the run is under way because `wait` then reads only
            the status and the counters.
    """

    response: SimulationRunResultResponse = field(repr=False)
    run: SimulationRun | None = None

    @property
    def status(self) -> SimulationRunStatus | None:
        """The run's status."""
        return self.response.status

    @property
    def total(self) -> int | None:
        """The number of conversations, from the run's own counter; None if null or absent."""
        return self.response.total_tests

    @property
    def ended(self) -> int | None:
        """The number of ended conversations, from the run's own counters; None if they are null."""
        completed, incompleted = self.response.tests_completed, self.response.tests_incompleted
        return None if completed is None and incompleted is None else (completed or 0) + (incompleted or 0)


OnUpdate = Callable[[RunProgress], None]

QUEUED_RUN_APPEARS = 60.0
"""How long, in seconds, a 404 for a run is tolerated after the run was queued."""
SHORTEST_PAUSE = 0.1


@define
class Polling:
    """Decides after each poll of a run whether to poll again, and how long to pause."""

    _run_id: str
    _url: str
    _deadline: Deadline
    _poll_interval: float
    _on_update: OnUpdate | None = None
    on_fault: OnFault | None = None
    _is_queued: bool = False
    _last: RunProgress | None = field(default=None, init=False)
    _last_error: BluejayError | None = field(default=None, init=False)

    def is_status_enough(self) -> bool:
        """Whether the next poll needs only the run's status and counters.

        The last poll before the timeout reads the entire run, so the error can contain it.
        """
        is_under_way = self._last is None or run_phase(self._last.status) is Phase.UNDER_WAY
        return is_under_way and self._deadline.seconds_to_send() > 0

    def seen(self, progress: RunProgress) -> None:
        """Store the state from a successful poll, and call `on_update`."""
        self._last, self._last_error = progress, None
        if self._on_update:
            self._on_update(progress)

    def failed(self, error: BluejayError) -> None:
        """Store a failed poll's error; raise it if it isn't transient."""
        # Before the first success, a wrong URL is more likely than an outage.
        never_connected = self._last is None and isinstance(error, ConnectionFailedError)
        if never_connected or not (is_transient(error) or is_cdn_fault(error) or self._may_appear(error)):
            raise error
        self._last_error = error
        if self.on_fault:
            self.on_fault(error)

    def _may_appear(self, error: BluejayError) -> bool:
        is_early = self._deadline.seconds - self._deadline.left() < QUEUED_RUN_APPEARS
        return self._is_queued and self._last is None and isinstance(error, RunNotFoundError) and is_early

    def pause(self, until_next: float = math.inf) -> float:
        """Return the seconds until the next poll, or raise WaitTimeoutError if there is no time for one.

        `until_next` is the number of seconds until the next fetch by id is due. The pause ends by then,
        unless the server asked for a longer one.
        """
        left = self._deadline.seconds_to_send()
        requested = requested_pause(self._last_error) or 0.0
        if left <= 0 or requested > left:
            raise self._timeout(requested)
        return max(requested, min(self._poll_interval, left, max(until_next, SHORTEST_PAUSE)))

    def _timeout(self, requested: float) -> WaitTimeoutError:
        progress, last, deadline = self._last, self._last_error, self._deadline
        seen = ", ".join(_last_seen(progress)) if progress else "no poll succeeded"
        fault = f"; the last poll failed ({last.reason.rstrip('.')})" if last else ""
        if requested:
            left = f"only {deadline.left():.0f} s are left"
            fault += f"; the service asked for a pause of {requested:.0f} s, but {left}"
        return WaitTimeoutError(
            f"Run {self._run_id} did not settle within {deadline.seconds:g} s: {seen}{fault}. "
            "Wait longer, or look at the run in the app.",
            run_id=self._run_id,
            url=self._url,
            run=progress.run if progress else None,
            last_error=last,
        )


def _last_seen(progress: RunProgress) -> Iterator[str]:
    """Yield a run's last status, and each reason why the run isn't settled."""
    yield f"last seen {f'with status {progress.status}' if progress.status else 'without a status'}"
    if run := progress.run:
        under_way = run.results_by_outcome[Outcome.UNDER_WAY]
        awaited = sum(each.is_awaited for each in under_way)
        for count, what in (
            (len(under_way) - awaited, "still under way"),
            (awaited, "awaiting a verdict or tool calls"),
            (run.missing_count, "missing from the list"),
        ):
            if count > 0:
                yield f"{count} {'conversation' if count == 1 else 'conversations'} {what}"
        if run.violations:
            yield f"{len(run.violations)} contract violation{'s' * (len(run.violations) > 1)}"
