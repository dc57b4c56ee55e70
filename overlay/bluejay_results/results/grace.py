"""How long verdicts and tool calls may still arrive after the end of a conversation.

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
    """

    seconds: float = 0.0
    now: datetime.datetime | None = None
    seen: Mapping[int, float] | None = None
    run_seen: float | None = None

    def left(self, result_id: int, ended_at: datetime.datetime | None) -> float:
        """Return the seconds in which verdicts and tool calls of a conversation may still arrive.

        The period starts at the end of the conversation, by the server's clock. Without an end, it starts
        when a wait first saw that the conversation had ended.
        """
        if ended_at:
            since = (self.now - ended_at).total_seconds() if self.now else self.seconds
        else:
            since = self.seconds if self.seen is None else self.seen.get(result_id, 0.0)
        return max(0.0, self.seconds - since)

    @property
    def run_left(self) -> float:
        """How many seconds are left for an ended run to list missing conversations or end the others."""
        return 0.0 if self.run_seen is None else max(0.0, self.seconds - self.run_seen)


NO_GRACE = Grace()
