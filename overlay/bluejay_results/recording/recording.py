"""A recording: the settings, requests and responses that a run was built from."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from .exchange import Exchange


@frozen
class Settings:
    """How a call reads a run.

    Attributes:
        is_wait: Whether `wait` reads the run; otherwise `retrieve` does.
        tool_call_grace: How many seconds after a conversation's end its verdict and tool calls may still
            arrive.
        queued_ids: The ids of the conversations that were queued with the run; empty if they are not known.
        simulation_id: The simulation that was queued; None if it is not known.
    """

    is_wait: bool = False
    tool_call_grace: float = 0.0
    queued_ids: tuple[str, ...] = ()
    simulation_id: str | None = None


@frozen
class FirstSeen:
    """When a wait first saw that a run and its conversations had ended.

    Times are in seconds of the client's monotonic clock.

    Attributes:
        run: When the wait first saw that the run had ended; None before that.
        conversations: When the wait first saw that each conversation had ended, by its id as text. The key is
            the text `None` if the id breaks the contract.
    """

    run: float | None = None
    conversations: Mapping[str, float] = field(factory=dict)


@frozen
class Recording:
    """What a run is built from: the settings of the call, its requests and responses, and what a wait saw.

    The exchanges are in the order of their arrival.
    """

    settings: Settings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    seen: FirstSeen = field(factory=FirstSeen, repr=False)
