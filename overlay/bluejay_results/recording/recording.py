"""A recording: the settings, requests and responses that a run was built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from .._secrets import Secret
from .exchange import Exchange
from .masking import without_key


@frozen
class Settings:
    """How a call reads a run.

    Attributes:
        is_wait: Whether `wait` reads the run; otherwise `retrieve` does.
        tool_call_grace: How many seconds after a conversation's end its verdict and tool calls may still
            arrive.
        timeout: Seconds that the call may take; None if that is not known.
        poll_interval: Seconds between polls; None for `retrieve`.
        queued_ids: The ids of the conversations that were queued with the run; empty if they are not known.
        simulation_id: The simulation that was queued; None if it is not known.
        secret: The API key, which no recording may contain.
    """

    is_wait: bool = False
    tool_call_grace: float = 0.0
    timeout: float | None = None
    poll_interval: float | None = None
    queued_ids: tuple[str, ...] = ()
    simulation_id: str | None = None
    secret: Secret = field(factory=Secret, repr=False, eq=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the settings without the API key."""
        fields = (self.is_wait, self.tool_call_grace, self.timeout, self.poll_interval)
        return Settings, (*fields, self.queued_ids, self.simulation_id)


@frozen
class FirstSeen:
    """When a wait first saw ends, in seconds of the client's monotonic clock.

    Attributes:
        run: When the wait first saw that the run had ended; None before that.
        conversations: By conversation id, when the wait first saw that the conversation had ended.
    """

    run: float | None = None
    conversations: Mapping[int, float] = field(factory=dict)


@frozen
class Recording:
    """What a run is built from: the settings of the call, its requests and responses, and its observations.

    The exchanges are in the order of their arrival.
    """

    settings: Settings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    seen: FirstSeen = field(factory=FirstSeen, repr=False)

    def without_key(self) -> Recording:
        """Return the recording with the API key masked, and without headers that carry credentials."""
        secret = self.settings.secret
        return evolve(self, exchanges=tuple(without_key(each, secret) for each in self.exchanges))
