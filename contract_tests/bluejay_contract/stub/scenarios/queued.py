"""A queued run: its states over time, from INITIALIZING to the last recorded tool call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .conversation import DELIVERY, Document, as_of, result, stamp
from .run_document import response
from .scenario import Scenario
from .unusual import without_calls

_CONVERSATIONS = [each for each in DELIVERY if all(tool["actual"] for tool in each["tools"])]
"""The conversations in which every expected tool was called. Otherwise, a client would wait for the call."""

CALLERS = tuple(each["caller"] for each in _CONVERSATIONS)
"""A simulation's callers, used if a request to queue a run specifies none."""

_LISTED, _ALL_ENDED = 0.1, 0.6
"""When the run lists its conversations, and when all of them have ended, as fractions of the run's life."""
_EARLY, _LATE = (0.2, 0.4, 0.5), (0.3, _ALL_ENDED, 0.75)
"""When the conversations of the first half start, end and are judged; then the same for the other half.

Tool calls arrive at the end of the run's life.
"""


@dataclass(frozen=True)
class QueuedRun:
    """A queued run with these callers, one per conversation. It is complete at the end of its life."""

    run_id: str
    simulation_id: str
    callers: Sequence[int]
    created_at: datetime
    life: timedelta

    def at(self, now: datetime) -> Scenario:
        """Return the run at this time. A result can be fetched by id even before the run lists it."""
        age = (now - self.created_at) / self.life
        status = "INITIALIZING" if age < _LISTED else "RUNNING" if age < _ALL_ENDED else "COMPLETED"
        results = [self._result(index, age) for index in range(len(self.callers))]
        # The service's counters include tool calls before the results list them.
        listed = results if age >= _LISTED else []
        whole = response(self.run_id, self.simulation_id, status, listed, self.created_at)

        def shown(listed: list[Document]) -> Document:
            return whole | {"simulation_results": listed if age >= 1 else list(map(without_calls, listed))}

        return Scenario(
            "", self.run_id, self.simulation_id, "", lambda _: [shown(listed)], lambda _: [shown(results)]
        )

    def _result(self, index: int, age: float) -> Document:
        start, end, judged = _EARLY if index < len(self.callers) // 2 else _LATE
        length = self.life * (end - start) // timedelta(milliseconds=1)
        caller = self.callers[index]
        conversation = _lasting(_CONVERSATIONS[caller % len(_CONVERSATIONS)], length)
        result_id = int(self.run_id) * 10_000 + index + 1
        whole = result(conversation | {"caller": caller}, result_id, self.created_at + self.life * start)
        whole["evaluations"][0]["created_at"] = stamp(self.created_at + self.life * judged)
        steps = ((judged, "COMPLETED"), (end, "EVALUATING"), (start, "IN_PROGRESS"))
        return as_of(whole, next((status for begin, status in steps if age >= begin), "QUEUED"))


def _lasting(conversation: Document, length: int) -> Document:
    """Stretch or shorten a conversation to this length in ms.

    Response times are not scaled, because 5 ms would be taken for 5 s.
    """

    def scaled(holder: Document) -> Document:
        offsets = {key: value for key, value in holder.items() if key.endswith("_offset_ms") and value}
        return holder | {key: value * length // conversation["length"] for key, value in offsets.items()}

    tools = [tool | {"actual": list(map(scaled, tool["actual"]))} for tool in conversation["tools"]]
    return conversation | {
        "length": length,
        "events": list(map(scaled, conversation["events"])),
        "tools": tools,
    }
