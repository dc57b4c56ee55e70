"""A queued run: its states over time, from INITIALIZING to the last recorded tool call."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .conversation import Conversation, as_of, result
from .delivery import CONVERSATIONS
from .parts import Document, stamp
from .run_document import response
from .scenario import Scenario
from .tools import without_calls

_CONVERSATIONS = [each for each in CONVERSATIONS if all(tool["actual"] for tool in each.tools)]
"""The conversations that skipped no tool: a skipped tool would look like a call that is still to arrive."""

CALLERS = tuple(each.caller for each in _CONVERSATIONS)
"""The callers of a simulation, if a request to queue a run names none."""

_LISTED, _ALL_ENDED = 0.1, 0.6
"""When the run lists its conversations, and when all have ended: fractions of the run's life."""


@dataclass(frozen=True)
class _Times:
    start: float
    end: float
    judged: float


_EARLY, _LATE = _Times(0.2, 0.4, 0.5), _Times(0.3, _ALL_ENDED, 0.75)
"""When the conversations of the first half start, end and are judged; then the same for the other half.

Tool calls arrive at the end of the run's life.
"""


@dataclass(frozen=True)
class QueuedRun:
    """A queued run.

    Attributes:
        run_id: The id of the run, in digits.
        simulation_id: The simulation.
        callers: The id of the caller of each conversation.
        created_at: When the run was queued.
        life: The time until the run is complete.
    """

    run_id: str
    simulation_id: str
    callers: Sequence[int]
    created_at: datetime
    life: timedelta

    @property
    def result_ids(self) -> list[int]:
        """The ids of the results."""
        return [self._result_id(index) for index in range(len(self.callers))]

    def document(self, now: datetime) -> Document:
        """The run and its results at this time."""
        age = self._age(now)
        status = "INITIALIZING" if age < _LISTED else "RUNNING" if age < _ALL_ENDED else "COMPLETED"
        # The service's counters include tool calls before the results list them.
        listed = [self._result(index, age) for index in range(len(self.callers))] if age >= _LISTED else []
        whole = response(self.run_id, self.simulation_id, status, listed, self.created_at)
        return whole | {"simulation_results": [self._shown(each, age) for each in listed]}

    def record(self, result_id: str, now: datetime) -> Document | None:
        """One of the run's results at this time, even before the run lists it; None for any other id."""
        age = self._age(now)
        for index in range(len(self.callers)):
            if str(self._result_id(index)) == result_id:
                return self._shown(self._result(index, age), age)
        return None

    def _age(self, now: datetime) -> float:
        return (now - self.created_at) / self.life

    def _result_id(self, index: int) -> int:
        return int(self.run_id) * 10_000 + index + 1

    def _result(self, index: int, age: float) -> Document:
        times = _EARLY if index < len(self.callers) // 2 else _LATE
        length = self.life * (times.end - times.start)
        conversation = _lasting(self._conversation(index), length // timedelta(milliseconds=1))
        whole = result(conversation, self._result_id(index), self.created_at + self.life * times.start)
        whole["evaluations"][0]["created_at"] = stamp(self.created_at + self.life * times.judged)
        return as_of(whole, _status(times, age))

    def _conversation(self, index: int) -> Conversation:
        caller = self.callers[index]
        return replace(_CONVERSATIONS[caller % len(_CONVERSATIONS)], caller=caller)

    def _shown(self, whole: Document, age: float) -> Document:
        return whole if age >= 1 else without_calls(whole)


def queued_answer(run: QueuedRun | Scenario) -> Document:
    """The answer to the request that queued a run."""
    ids = run.result_ids if isinstance(run, QueuedRun) else _last_result_ids(run)
    return {
        "simulation_run_id": run.run_id,
        "simulation_result_ids": list(map(str, ids)),
        "agent_id": "17",
        "status": "success",
    }


def played(scenario: Scenario, run_id: str, simulation_id: str) -> Scenario:
    """The scenario, changed to a run with this id that belongs to this simulation."""
    ids = {"id": run_id, "simulation_id": simulation_id}

    def build(run_id: str) -> list[Document]:
        return [each | {"simulation_run": each["simulation_run"] | ids} for each in scenario.build(run_id)]

    return replace(scenario, run_id=run_id, simulation_id=simulation_id, build=build)


def _last_result_ids(scenario: Scenario) -> list[int]:
    return [result["id"] for result in json.loads(scenario.bodies[-1]).get("simulation_results") or ()]


def _status(times: _Times, age: float) -> str:
    steps = ((times.judged, "COMPLETED"), (times.end, "EVALUATING"), (times.start, "IN_PROGRESS"))
    return next((status for begin, status in steps if age >= begin), "QUEUED")


def _lasting(conversation: Conversation, length: int) -> Conversation:
    """The conversation, stretched or shortened to this length in ms.

    Answer times are not scaled, because 5 ms would be read as 5 s.
    """

    def scaled(holder: Document) -> Document:
        offsets = {key: value for key, value in holder.items() if key.endswith("_offset_ms") and value}
        return holder | {key: value * length // conversation.length for key, value in offsets.items()}

    return replace(
        conversation,
        length=length,
        events=[scaled(event) for event in conversation.events],
        tools=[tool | {"actual": [scaled(call) for call in tool["actual"]]} for tool in conversation.tools],
    )
