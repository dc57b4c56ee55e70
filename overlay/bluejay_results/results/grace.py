"""How long the tool calls of a conversation that has ended may still arrive.

They land one to two minutes after the status (source: domain facts); the project's definitions give them
180 seconds.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from attrs import frozen


@frozen
class Grace:
    """The grace at one moment.

    Attributes:
        seconds: How long it is from the end of a conversation.
        now: The moment, by the server's clock; None if it is not known.
        seen: In a wait, for how many seconds each conversation has been seen ended, by id.
        run_seen: In a wait, for how many seconds the run has been seen ended.
        read_since: In a wait, the conversations that were fetched by id after their grace period. No other is
            void because a call is missing.
    """

    seconds: float = 0.0
    now: datetime.datetime | None = None
    seen: Mapping[int, float] | None = None
    run_seen: float | None = None
    read_since: frozenset[int] | None = None

    def left(self, result_id: int, ended_at: datetime.datetime | None) -> float:
        """Return the seconds in which tool calls of a conversation may still arrive.

        By the server's clock from its end, and in a wait never longer than since it was seen ended.
        """
        limits = []
        if self.now and ended_at:
            limits.append(self.seconds - (self.now - ended_at).total_seconds())
        if self.seen is not None:
            limits.append(self.seconds - self.seen.get(result_id, 0.0))
        return max(0.0, min(limits, default=0.0))

    def is_awaited(self, result_id: int, ended_at: datetime.datetime | None) -> bool:
        """Whether the tool calls of a conversation may still arrive, as far as is known."""
        is_unread = self.read_since is not None and result_id not in self.read_since
        return is_unread or self.left(result_id, ended_at) > 0

    @property
    def run_left(self) -> float:
        """Seconds in which a run that has ended may still list what is missing or end what is under way."""
        return 0.0 if self.run_seen is None else max(0.0, self.seconds - self.run_seen)


NO_GRACE = Grace()


def date_in(headers: Mapping[str, str]) -> datetime.datetime | None:
    """Return the time of the server's clock in its Date header; None if there is none that makes sense."""
    import email.utils  # loaded late: it brings sockets, which no saved run needs

    try:
        date = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError, TypeError):
        return None
    return date.replace(tzinfo=date.tzinfo or datetime.UTC)
