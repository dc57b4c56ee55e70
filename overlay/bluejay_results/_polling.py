"""The state of a wait for a run to settle, without the I/O."""

from collections.abc import Callable

from ._config import seconds
from ._exchange import Exchange
from ._retry import asked_pause, is_passing
from .errors import BluejayError, ConnectionFailedError, UnexpectedStatusError, WaitTimeoutError
from .run import SimulationRun

OnUpdate = Callable[[SimulationRun], None]
OnFault = Callable[[BluejayError], None]


class Polling:
    """Decides after each look at a run whether to go on, and after which pause."""

    def __init__(
        self, exchange: Exchange, poll_interval: float, on_update: OnUpdate | None, on_fault: OnFault | None
    ) -> None:
        self._exchange = exchange
        self._poll_interval = seconds("poll_interval", poll_interval)
        self._on_update = on_update
        self._on_fault = on_fault
        self._last_run: SimulationRun | None = None
        self._last_error: BluejayError | None = None

    def settled(self, run: SimulationRun) -> bool:
        """Take note of the run as it is now; return whether it is settled."""
        self._last_run, self._last_error = run, None
        if self._on_update:
            self._on_update(run)
        return run.is_settled

    def failed(self, error: BluejayError) -> None:
        """Take note of a poll that failed.

        Raises:
            BluejayError: The error itself, unless it is a passing fault. A service that could not be
                reached once is more likely a wrong URL than a passing fault.
        """
        is_nowhere = self._last_run is None and isinstance(error, ConnectionFailedError)
        if is_nowhere or not (is_passing(error) or _is_cdn_fault(error)):
            raise error
        self._last_error = error
        if self._on_fault:
            self._on_fault(error)

    def pause(self) -> float:
        """Return the seconds until the next poll, which is due a little before the deadline at the latest.

        Raises:
            WaitTimeoutError: There is no room for another poll.
        """
        deadline = self._exchange.deadline
        room = deadline.left() - deadline.reserve
        asked = asked_pause(self._last_error) or 0.0
        if room <= 0 or asked > room:
            raise self._time_out(asked)
        return max(asked, min(self._poll_interval, room))

    def _time_out(self, asked: float) -> WaitTimeoutError:
        run, last, run_id = self._last_run, self._last_error, self._exchange.run_id
        deadline = self._exchange.deadline
        seen = f"last seen {run.status or 'without a status'}" if run else "it was never seen"
        if run and run.violations:
            seen += f", violations of the contract: {len(run.violations)}"
        fault = f"; the last poll failed: {str(last).rstrip('.')}" if last else ""
        if asked:
            fault += f"; it asks for a pause of {asked:.0f} s, and {deadline.left():.0f} s are left"
        error = WaitTimeoutError(
            f"The run {run_id} had not settled within {deadline.seconds:g} s, {seen}{fault}. "
            "Wait longer or look at it in the app.",
            run_id=run_id,
            url=self._exchange.config.url_of(run_id),
        )
        error.run, error.last_error = run, last
        return error


def _is_cdn_fault(error: BluejayError) -> bool:
    """A CDN's own 5xx, such as 520: over in a moment more often than not."""
    return isinstance(error, UnexpectedStatusError) and (error.status_code or 0) >= 500
