"""What the statuses of runs and conversations mean, and what may still arrive after a final status.

A conversation's status is a free string. The letter case and the spelling of statuses differ between versions
of the service, and new values appear. The meanings come from public descriptions; see `docs/definitions.md`,
Outcomes. Tool calls arrive one to two minutes after the final status: see `docs/definitions.md`, Settled.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Sequence, Set
from enum import StrEnum

from attrs import field, frozen

from ..recording.exchange import Exchange, FirstSeen, Settings
from .latency import LatencyUnit


class Phase(StrEnum):
    """Whether a run or a conversation has ended."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Who has to act on a conversation."""

    AGENT = "the agent"
    """The agent."""
    CONFIGURATION = "the agent's configuration"
    """The agent's configuration."""
    LINE = "the agent or its line"
    """The agent or its phone line."""
    ACCOUNT = "the account"
    """The account."""
    PLATFORM = "the platform"
    """The platform."""
    CANCELLER = "whoever cancelled it"
    """Whoever cancelled the conversation."""


RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Final statuses of a run after which its conversations may stay under way forever."""
RUN_ENDED = RUN_CUT_SHORT | {"COMPLETED"}

UNDER_WAY = frozenset(
    {
        "INITIALIZING",
        "QUEUED",
        "READY",
        "DISPATCHED",
        "RUNNING",
        "IN_PROGRESS",
        "PENDING",
        "EVALUATION_PENDING",
        "EVALUATING",
        "CONVERSATION_ENDED",  # not final: the conversation has no scores yet
    }
)
VOID = frozenset({"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"})
"""The account, the platform or a person stopped the conversation."""
INCONCLUSIVE = frozenset({"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR"})
"""No conversation took place, or it had the simulation's own error, and the agent may be the cause."""
ERRORS = frozenset({"ERROR", "FAILED"})
"""With these statuses, a conversation never passes."""
ENDED = VOID | INCONCLUSIVE | ERRORS | {"COMPLETED", "CALL_DROPPED"}
PHASES = dict.fromkeys(UNDER_WAY, Phase.UNDER_WAY) | dict.fromkeys(ENDED, Phase.ENDED)
"""Whether a conversation with this status has ended."""
OWNERS = {
    "NO_CONNECTION": Owner.CONFIGURATION,
    "NO_ANSWER": Owner.LINE,
    "REJECTED": Owner.LINE,
    "CALL_DROPPED": Owner.LINE,
    "OUT_OF_FUNDS": Owner.ACCOUNT,
    "INSUFFICIENT_FUNDS": Owner.ACCOUNT,
    "SYSTEM_ERROR": Owner.PLATFORM,
    "CANCELLED": Owner.CANCELLER,
}
"""Who has to act on a conversation with this status."""


@functools.lru_cache(256)
def normalized(status: str | None) -> str:
    """Return a status in a uniform spelling: `no-answer` becomes NO_ANSWER, and None an empty string."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


@functools.lru_cache(256)
def run_phase(status: str | None) -> Phase:
    """Return whether a run with this status has ended. Runs have few of the statuses of conversations."""
    name = normalized(status)
    if name in UNDER_WAY:
        return Phase.UNDER_WAY
    return Phase.ENDED if name in RUN_ENDED else Phase.UNKNOWN


@frozen
class Grace:
    """The grace period at one moment.

    Attributes:
        seconds: The length of the grace period, from the end of a conversation.
        now: The moment, by the server's clock; None if it is not known.
        moment: The same moment, in seconds of the client's monotonic clock.
        seen: When a wait first saw that the run and its conversations had ended; None without a wait.
    """

    seconds: float = 0.0
    now: datetime.datetime | None = None
    moment: float = 0.0
    seen: FirstSeen | None = None

    def left(self, result_id: int, ended_at: datetime.datetime | None) -> float:
        """Return the seconds in which verdicts and tool calls of a conversation may still arrive.

        The period starts at the end of the conversation, by the server's clock. Without an end, the
        period starts when a wait first saw that the conversation had ended.
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
        """The seconds left for missing conversations to be listed, and for conversations under way to end."""
        if self.seen is None or self.seen.run is None:
            return 0.0
        return max(0.0, self.seconds - (self.moment - self.seen.run))


def _unknown_unit() -> LatencyUnit | None:
    return None


@frozen
class RunState:
    """What is known about the run of a conversation; by default, nothing.

    Attributes:
        id: The id of the run.
        status: The status of the run.
        has_ended: Whether the run has ended.
        grace: How long verdicts and tool calls may still arrive.
        latency_unit: Returns the unit of the latencies; None if it is not known.
        incomplete: Returns the ids of the conversations whose verdicts or tool calls may be missing.
    """

    id: str | None = None
    status: str | None = None
    has_ended: bool = False
    grace: Grace = field(factory=Grace)
    latency_unit: Callable[[], LatencyUnit | None] = _unknown_unit
    incomplete: Callable[[], Set[int]] = frozenset


def grace_after(exchanges: Sequence[Exchange], settings: Settings | None, seen: FirstSeen) -> Grace:
    """Return the grace period at the moment of the last exchange; 0 seconds if no client read the run."""
    if settings is None:
        return Grace()
    moment = max(each.moment for each in exchanges)
    last = max((each for each in exchanges if each.status == 200), key=lambda each: each.moment)
    now = last.date + datetime.timedelta(seconds=moment - last.moment)
    return Grace(settings.tool_call_grace, now, moment, seen if settings.is_wait else None)
