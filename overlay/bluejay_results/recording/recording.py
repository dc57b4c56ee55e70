"""A recording: the settings, requests and responses that a run was built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from .._secrets import Secret
from .masking import without_key

if TYPE_CHECKING:
    from .exchange import Exchange


@frozen
class Settings:
    """How a run was read.

    Attributes:
        is_wait: Whether `wait` read the run; otherwise `retrieve` did.
        tool_call_grace: How many seconds after a conversation's end its tool calls may still arrive.
        timeout: Seconds that the call could take; None if that is not known.
        poll_interval: Seconds between polls; None for `retrieve`.
        queued_ids: The ids of the conversations that were queued with the run; empty if they are not known.
    """

    is_wait: bool
    tool_call_grace: float
    timeout: float | None = None
    poll_interval: float | None = None
    queued_ids: tuple[str, ...] = ()


@frozen
class Recording:
    """The settings, requests and responses that a run was built from.

    Attributes:
        settings: How the run was read.
        exchanges: The requests and responses, in order.
        first_ended: When the client first saw that each conversation had ended, by the conversation's id, in
            seconds of the monotonic clock.
        last_moment: When the client last evaluated the run; None if it never did. If the last fetches failed
            because the time was up, this moment is later than every exchange.
    """

    settings: Settings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    first_ended: Mapping[int, float] = field(factory=dict, repr=False)
    last_moment: float | None = field(default=None, repr=False)
    _secret: Secret = field(factory=Secret, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the recording without the API key."""
        fields = (self.settings, self.safe_exchanges(), dict(self.first_ended), self.last_moment)
        return Recording, fields

    def safe_exchanges(self) -> tuple[Exchange, ...]:
        """Return the exchanges with the API key masked, and without headers that carry credentials."""
        return tuple(without_key(each, self._secret) for each in self.exchanges)
