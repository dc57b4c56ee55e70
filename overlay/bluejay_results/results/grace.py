"""How long the tool calls of a conversation may still arrive after its end.

Tool calls arrive one to two minutes after the final status. `docs/definitions.md`, Settled, gives them 180
seconds.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from attrs import frozen


@frozen
class Grace:
    """The grace period at one moment.

    Attributes:
        seconds: The length of the grace period, from the end of a conversation.
        now: The moment, by the server's clock; None if it is not known.
        seen: During a wait, the seconds since the client first saw that each conversation had ended, by the
            conversation's id.
        run_seen: During a wait, the seconds since the client first saw that the run had ended.
        fetched_since: During a wait, the ids of the conversations that were fetched after their grace period.
            Only these can be void because a tool call is missing.
    """

    seconds: float = 0.0
    now: datetime.datetime | None = None
    seen: Mapping[int, float] | None = None
    run_seen: float | None = None
    fetched_since: frozenset[int] | None = None

    def left(self, result_id: int, ended_at: datetime.datetime | None) -> float:
        """Return the seconds in which tool calls of a conversation may still arrive.

        The period starts at the end of the conversation, by the server's clock. During a wait, it starts no
        later than when the client first saw that the conversation had ended.
        """
        limits = []
        if self.now and ended_at:
            limits.append(self.seconds - (self.now - ended_at).total_seconds())
        if self.seen is not None:
            limits.append(self.seconds - self.seen.get(result_id, 0.0))
        return max(0.0, min(limits, default=0.0))

    def is_awaited(self, result_id: int, ended_at: datetime.datetime | None) -> bool:
        """Whether the tool calls of a conversation may still arrive."""
        is_unread = self.fetched_since is not None and result_id not in self.fetched_since
        return is_unread or self.left(result_id, ended_at) > 0

    @property
    def run_left(self) -> float:
        """How many seconds are left for an ended run to list missing conversations or end the others."""
        return 0.0 if self.run_seen is None else max(0.0, self.seconds - self.run_seen)


NO_GRACE = Grace()


def date_in(headers: Mapping[str, str]) -> datetime.datetime | None:
    """Return the time in the server's Date header; None if the header is absent or invalid."""
    import email.utils  # loaded late: it imports sockets, which no saved run needs

    try:
        date = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError, TypeError):
        return None
    return date.replace(tzinfo=date.tzinfo or datetime.UTC)
