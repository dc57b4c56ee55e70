"""What the outcome of a conversation depends on besides its records."""

from typing import Protocol

from attrs import frozen

from .grace import NO_GRACE, Grace
from .latency import LatencyUnit


class Context(Protocol):
    """The part of a run that its conversations need."""

    @property
    def id(self) -> str | None:
        """The id of the run; None if it is not known."""

    @property
    def status(self) -> str | None:
        """The status of the run; None if it is null or not known."""

    @property
    def has_ended(self) -> bool:
        """Whether the run has ended."""

    @property
    def grace(self) -> Grace:
        """How long verdicts and tool calls may still arrive."""

    @property
    def latency_unit(self) -> LatencyUnit | None:
        """The unit of the latencies; None if it is not known."""


@frozen
class Alone:
    """Replaces the run of a conversation that was fetched without its run."""

    latency_unit: LatencyUnit | None = None
    grace: Grace = NO_GRACE
    id: str | None = None
    status: str | None = None
    has_ended: bool = False
