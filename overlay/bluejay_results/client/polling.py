"""Decides when to poll a run again, and when a wait is over."""

import math
from collections.abc import Callable, Iterator

from ..errors import (
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    RunNotFoundError,
    WaitTimeoutError,
)
from ..results.result import Outcome
from ..results.run import SimulationRun
from ..webhooks.event import WebhookEvent
from .call import Call
from .config import seconds
from .retry import is_cdn_fault, is_transient, requested_pause

OnUpdate = Callable[[SimulationRun], None]
OnFault = Callable[[BluejayError], None]

QUEUED_RUN_APPEARS = 60.0
"""How many seconds after queueing the service may respond with a 404 for the run."""
SHORTEST_PAUSE = 0.1
EVENT_PAUSE = 1.0
"""The minimum number of seconds between polls that events cause, because a large run has many events."""


class Polling:
    """Decides after each poll of a run whether to poll again, and after which pause."""

    def __init__(
        self,
        call: Call[SimulationRun],
        poll_interval: float,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        *,
        is_queued: bool = False,
    ) -> None:
        self._call = call
        self._is_queued = is_queued
        self._poll_interval = seconds("poll_interval", poll_interval)
        self._on_update = on_update
        self._on_fault = on_fault
        self._last_run: SimulationRun | None = None
        self._last_error: BluejayError | None = None

    def seen(self, run: SimulationRun) -> None:
        """Store the run of the last poll."""
        self._last_run, self._last_error = run, None

    def is_settled(self, run: SimulationRun) -> bool:
        """Store the run of the last poll, and call `on_update`; return whether the run is settled."""
        self.seen(run)
        if self._on_update:
            self._on_update(run)
        return run.is_settled

    def retried(self, error: BluejayError) -> None:
        """Call `on_fault` with the error of a request that will be sent again."""
        if self._on_fault:
            self._on_fault(error)

    def failed(self, error: BluejayError) -> None:
        """Store the error of a failed poll; raise it if it is not transient."""
        # If the first poll can't connect, a wrong URL is more likely than a service that is down.
        never_connected = self._last_run is None and isinstance(error, ConnectionFailedError)
        if never_connected or not (is_transient(error) or is_cdn_fault(error) or self._may_appear(error)):
            raise error
        self._last_error = error
        self.retried(error)

    def _may_appear(self, error: BluejayError) -> bool:
        deadline = self._call.deadline
        is_early = deadline.seconds - deadline.left() < QUEUED_RUN_APPEARS
        return self._is_queued and self._last_run is None and isinstance(error, RunNotFoundError) and is_early

    def pause(self, until_next: float = math.inf) -> float:
        """Return the seconds until the next poll, or raise WaitTimeoutError if no time is left for a poll.

        `until_next` is the number of seconds until the next fetch by id is due. The pause ends by then unless
        the server asked for a longer pause.
        """
        room = self._call.deadline.room()
        requested = requested_pause(self._last_error) or 0.0
        if room <= 0 or requested > room:
            raise self._timeout(requested)
        return max(requested, min(self._poll_interval, room, max(until_next, SHORTEST_PAUSE)))

    def concerns(self, event: object) -> bool:
        """Whether an event is about this run; raise ConfigurationError if the object isn't an event."""
        if not isinstance(event, WebhookEvent):
            raise ConfigurationError(
                f"Each item of events must be an event that `receive` returned, got {type(event).__name__}."
            )
        return event.run_id == self._call.operation.run_id

    def shortest_pause(self) -> float:
        """Return the seconds that must pass before an event may cause a poll."""
        return max(EVENT_PAUSE, requested_pause(self._last_error) or 0.0)

    def _timeout(self, requested: float) -> WaitTimeoutError:
        run, last, run_id = self._last_run, self._last_error, self._call.operation.run_id
        deadline = self._call.deadline
        seen = ", ".join(_last_seen(run)) if run else "no poll succeeded"
        fault = f"; the last poll failed: {last.reason.rstrip('.')}" if last else ""
        if requested:
            fault += (
                f"; the service asks for a pause of {requested:.0f} s, and {deadline.left():.0f} s are left"
            )
        error = WaitTimeoutError(
            f"The run {run_id} had not settled within {deadline.seconds:g} s, {seen}{fault}. "
            "Wait longer or look at it in the app.",
            run_id=run_id,
            url=self._call.url,
        )
        error.run, error.last_error = run, last
        return error


def _last_seen(run: SimulationRun) -> Iterator[str]:
    """Yield the last status of a run, and each reason why it is not settled."""
    yield f"last seen {run.status or 'without a status'}"
    under_way = run.results_by_outcome[Outcome.UNDER_WAY]
    awaited = sum(each.is_awaited for each in under_way)
    missing = max(run.expected_count - len(run.results), len(run.missing_ids))
    for count, what in (
        (len(under_way) - awaited, "still under way"),
        (awaited, "whose tool calls may still arrive"),
        (missing, "missing from the list"),
    ):
        if count > 0:
            yield f"{count} {'conversation' if count == 1 else 'conversations'} {what}"
    if run.violations:
        yield f"violations of the contract: {len(run.violations)}"
