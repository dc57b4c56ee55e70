"""What a conversation needs to know about its run, such as how much longer tool calls can arrive.

Tool calls arrive one to two minutes after the final status: see `docs/definitions.md`, Settled.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence, Set

from attrs import field, frozen

from ..recording.exchange import Exchange, FirstSeen, ReadSettings, later
from .latency import LatencyUnit


@frozen
class Grace:
    """The grace period at one moment.

    Attributes:
        seconds: The length of the grace period after a conversation's end.
        now: The moment by the server's clock; None if unknown.
        moment: The same moment in seconds of the client's monotonic clock.
        seen: When a wait first saw that the run and its conversations had ended; None if there was no wait.
    """

    seconds: float = 0.0
    now: datetime.datetime | None = None
    moment: float = 0.0
    seen: FirstSeen | None = None

    def left(self, result_id: int, ended_at: datetime.datetime | None) -> float:
        """Return the seconds left for a conversation's verdict and tool calls to arrive.

        The period starts at the conversation's end time, by the server's clock. Without an end time, it
        starts when a wait first saw that the conversation had ended.
        """
        if ended_at:
            since = (self.now - ended_at).total_seconds() if self.now else self.seconds
        elif self.seen:
            since = self.moment - self.seen.conversations.get(str(result_id), self.moment)
        else:
            since = self.seconds
        return max(0.0, self.seconds - since)

    @property
    def run_left(self) -> float:
        """The seconds left for missing conversations to be listed, and for others to end."""
        if self.seen is None or self.seen.run is None:
            return 0.0
        return max(0.0, self.seconds - (self.moment - self.seen.run))


@frozen
class RunState:
    """What is known about a conversation's run; by default, nothing.

    Attributes:
        id: The run's id.
        status: The run's status.
        has_ended: Whether the run has ended.
        grace: Returns the run's grace period.
        latency_unit: Returns the unit of the latencies; None if unknown.
        failed_fetches: Why the last fetch of a conversation by id failed, by the id as a string.
        incomplete: Returns the ids of the conversations whose verdicts or tool calls might be missing.
    """

    id: str | None = None
    status: str | None = None
    has_ended: bool = False
    grace: Callable[[], Grace] = Grace
    latency_unit: Callable[[], LatencyUnit | None] = lambda: None
    failed_fetches: Mapping[str, str] = field(factory=dict)
    incomplete: Callable[[], Set[int]] = frozenset


def grace_after(exchanges: Sequence[Exchange], settings: ReadSettings | None, seen: FirstSeen) -> Grace:
    """Return the grace period at the moment of the last exchange, or 0 seconds if no client read the run."""
    if settings is None:
        return Grace()
    moment = max(each.moment for each in exchanges)
    last = max((each for each in exchanges if each.status == 200), key=lambda each: each.moment)
    now = later(last.date, moment - last.moment)
    return Grace(settings.tool_call_grace, now, moment, seen if settings.is_wait else None)
