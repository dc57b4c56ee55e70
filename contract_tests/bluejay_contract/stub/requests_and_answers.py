"""The requests that a stub received, and its next answers."""

import json
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from .answer import Answer
from .operations import RESULTS, RUNS, Operation
from .scenarios import (
    NO_RUNS,
    QueuedRun,
    run_list,
    runs_of_simulation,
    scenario_answers,
    scenario_of_result,
)

_REMEMBERED = 10_000
"""The maximum number of requests that a stub keeps, so that its memory doesn't grow without limit."""

REMEMBERED_OF_A_BODY = 8_192
"""The maximum number of bytes of a request's body that a stub keeps."""

_QUEUED = 100
"""The maximum number of queued runs that a stub keeps."""

_FIRST_QUEUED = 48_401


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it arrived, without the key that came with it.

    Attributes:
        method: The method, in capitals.
        path: The path as it was sent, still percent-encoded, without the query.
        operation: The operationId of the path, whatever the method; None for an unknown path.
        resource_id: The decoded id in the path; "" if the operation has none.
        headers: The headers by lower-case name; values of the same name are joined by a comma.
        body: The first 8,192 bytes of the body.
        key_accepted: Whether the request carried the key that the stub accepts.
        request_id: The `x-request-id` of the response.
    """

    method: str
    path: str
    operation: str | None
    resource_id: str
    headers: Mapping[str, str]
    body: bytes
    key_accepted: bool
    request_id: str

    @property
    def run_id(self) -> str | None:
        """The run whose results were requested; None for another operation."""
        return self.resource_id if self.operation == RESULTS.id else None


class StubState:
    """The state of one stub. The server's thread and the test's thread share it."""

    def __init__(self, api_key: str, queued_run_seconds: float = 3) -> None:
        if queued_run_seconds <= 0:
            raise ValueError(f"queued_run_seconds must be above 0, got {queued_run_seconds}")
        self.api_key = api_key
        self._life = timedelta(seconds=queued_run_seconds)
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget all requests and served answers, and reset the clock."""
        with self._lock:
            self._ahead = timedelta()
            self._served: dict[tuple[Operation, str], tuple[Answer, ...]] = {}
            self._polls: Counter[tuple[Operation, str]] = Counter()
            self._queued: OrderedDict[str, QueuedRun] = OrderedDict()
            self._ever_queued = 0
            self._requests: deque[RecordedRequest] = deque(maxlen=_REMEMBERED)
            self._ever_requested = 0

    @property
    def now(self) -> datetime:
        """The stub's clock. After it is set, it keeps running from the new time."""
        return datetime.now(UTC) + self._ahead

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last requests, in the order of their arrival."""
        with self._lock:
            return list(self._requests)

    def next_request_id(self) -> str:
        """An id for a request."""
        with self._lock:
            self._ever_requested += 1
            return f"req-{self._ever_requested}"

    def accepts(self, api_key: str | None) -> bool:
        """Whether this is the accepted key."""
        return api_key == self.api_key

    def record(self, request: RecordedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def serve(self, operation: Operation, resource_id: str, answers: tuple[Answer, ...]) -> None:
        """Give these answers to an operation, from its next request on."""
        with self._lock:
            self._served[operation, resource_id] = answers
            del self._polls[operation, resource_id]

    def take(
        self, operation: Operation, resource_id: str, *, key_accepted: bool, method: str
    ) -> Answer | None:
        """Return the next answer and advance; None if this request gets no known answer."""
        key = (operation, resource_id)
        with self._lock:
            answers = self._served.get(key) or self._known(*key)
            if not answers:
                return None
            answer = answers[min(self._polls[key], len(answers) - 1)]
            if method != (answer.method or operation.method) or (answer.authenticated and not key_accepted):
                return None
            self._polls[key] += 1
            return answer

    def queue(self, simulation_id: str, callers: Sequence[int]) -> Answer:
        """Queue a run."""
        with self._lock:
            run_id = str(_FIRST_QUEUED + self._ever_queued)
            self._ever_queued += 1
            run = self._queued[run_id] = QueuedRun(run_id, simulation_id, callers, self.now, self._life)
            if len(self._queued) > _QUEUED:
                self._queued.popitem(last=False)
            return Answer.json(run.queued)

    def last_body(self, run_id: str) -> bytes:
        """Return the body of the last answer for a run; raise LookupError if there is none."""
        with self._lock:
            answers = self._served.get((RESULTS, run_id)) or self._known(RESULTS, run_id)
        if not answers:
            raise LookupError(f"the stub has no run {run_id!r}")
        return answers[-1].body

    def _known(self, operation: Operation, resource_id: str) -> tuple[Answer, ...]:
        # The answers if the test has served none.
        if operation == RESULTS:
            if run := self._queued.get(resource_id):
                return (Answer.json(run.document(self.now)),)
            return scenario_answers(resource_id)
        if operation == RUNS:
            return self._runs(resource_id)
        return tuple(
            Answer.json({"simulation_result": record, "status": "200"})
            for record in self._records(resource_id)
        )

    def _runs(self, simulation_id: str) -> tuple[Answer, ...]:
        # The list of a simulation's runs; none if the stub doesn't know the simulation.
        if simulation_id in NO_RUNS:
            return (Answer.json(NO_RUNS[simulation_id]),)
        if not simulation_id.isdecimal():  # upstream's ids are digits, and integers in this list
            return ()
        queued = [
            run.document(self.now) for run in self._queued.values() if run.simulation_id == simulation_id
        ]
        runs = [*runs_of_simulation(simulation_id, lambda run_id: self._polls[RESULTS, run_id]), *queued]
        return (Answer.json(run_list(runs)),) if runs else ()

    def _records(self, result_id: str) -> Sequence[Any]:
        # The successive answers to fetches of a result by id.
        for (operation, run_id), answers in self._served.items():
            if operation == RESULTS and (found := self._latest(run_id, answers, result_id)):
                return found
        if run := self._queued.get(result_id[:-4]):
            record = run.record(result_id, self.now)
            return [record] if record else []
        scenario = scenario_of_result(result_id)
        run_id = scenario.run_id if scenario else result_id[:-4]
        if (RESULTS, run_id) in self._served:
            return []
        if scenario and scenario.single_bodies:
            return _found(result_id, scenario.single_bodies)
        return self._latest(run_id, scenario_answers(run_id), result_id)

    def _latest(self, run_id: str, answers: Sequence[Answer], result_id: str) -> Sequence[Any]:
        # The result in the latest poll that had it; before any poll, in the first answer.
        polled = answers[: max(self._polls[RESULTS, run_id], 1)]
        return _found(result_id, (each.body for each in reversed(polled) if each.status == 200))[:1]


def _found(result_id: str, bodies: Iterable[bytes]) -> Sequence[Any]:
    return [found for body in bodies if (found := _results_in(body).get(result_id))]


@lru_cache(64)
def _results_in(body: bytes) -> Mapping[str, Any]:
    try:
        return {str(result["id"]): result for result in json.loads(body)["simulation_results"] or ()}
    except (
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
    ):  # the answer of a test, which need not contain a run
        return {}
