"""The requests that a stub has received, and the responses that it will send."""

import json
import threading
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from bluejay_contract.operations import RESULT, RESULTS, RUNS, Operation, Page

from .answer import Answer
from .scenarios import CALLERS, NO_RUNS, QueuedRun, Scenario, run_list
from .scenarios import RUNS as KNOWN

Served: TypeAlias = Mapping[Page | None, tuple[Answer, ...]]
"""The responses to successive requests, by page. Those for None contain the results of all pages."""

_REMEMBERED = 10_000
"""The maximum number of requests that a stub keeps, which limits the memory it uses."""
_QUEUED = 100
"""The maximum number of queued runs that a stub keeps."""
_FIRST_QUEUED = 48_401
_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A received request, without its key.

    Attributes:
        method: The method, in capitals.
        path: The path as sent: percent-encoded and without the query.
        query: The decoded query parameters, by name; the last value of a repeated parameter.
        operation: The path's operationId, whatever the method; None for an unknown path.
        resource_id: The decoded id in the path; "" if the operation has none.
        headers: The headers by lower-case name; values of the same name are joined by a comma.
        body: The first 8,192 bytes of the body.
        key_accepted: Whether the request carried a valid key.
        request_id: The `x-request-id` of the response.
    """

    method: str
    path: str
    query: Mapping[str, str]
    operation: str | None
    resource_id: str
    headers: Mapping[str, str]
    body: bytes
    key_accepted: bool
    request_id: str

    @property
    def run_id(self) -> str | None:
        """The run whose results were requested; None for another operation."""
        return self.resource_id if self.operation == RESULTS else None


@dataclass(slots=True)
class _Reads:
    """How often one run has been read so far, and the pages requested in the latest read.

    A client reads the pages of a run one after another. With `limit=1`, it only requests the run's status;
    the pages that it then reads must show the run in the same state.
    """

    count: int = 0
    pages: tuple[Page, ...] = ()


class StubState:
    """The state of one stub, shared by the server's thread and the test's thread."""

    def __init__(self, api_key: str, queued_run_seconds: float = 3, *, pages: bool = True) -> None:
        if queued_run_seconds <= 0:
            raise ValueError(f"queued_run_seconds must be above 0, got {queued_run_seconds}")
        self.api_key = api_key
        self._life = timedelta(seconds=queued_run_seconds)
        self._pages_at_first = pages
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget all requests and served responses, and reset the clock."""
        with self._lock:
            self.pages = self._pages_at_first
            self._ahead = timedelta()
            self._served: dict[tuple[Operation, str], Served] = {}
            self._reads: defaultdict[tuple[Operation, str, Page | None], _Reads] = defaultdict(_Reads)
            self._queued: OrderedDict[str, Callable[[datetime], Scenario]] = OrderedDict()
            self._ever_queued = 0
            self._requests: deque[RecordedRequest] = deque(maxlen=_REMEMBERED)
            self._ever_requested = 0

    @property
    def now(self) -> datetime:
        """The stub's time. If you set it, the clock keeps running from there."""
        return datetime.now(UTC) + self._ahead

    @now.setter
    def now(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The latest requests, in the order received."""
        with self._lock:
            return list(self._requests)

    def record(self, **request: Any) -> RecordedRequest:
        """Store a request with a new id."""
        with self._lock:
            self._ever_requested += 1
            recorded = RecordedRequest(request_id=f"req-{self._ever_requested}", **request)
            self._requests.append(recorded)
            return recorded

    def serve(self, operation: Operation, resource_id: str, served: Served) -> None:
        """Send these responses from the next request on. Responses for other pages don't change."""
        with self._lock:
            kept = {} if None in served else self._served.get((operation, resource_id), {})
            self._served[operation, resource_id] = {**kept, **served}
            for page in served:
                self._reads.pop((operation, resource_id, page), None)

    def take(
        self, operation: Operation, resource_id: str, page: Page, *, key_accepted: bool
    ) -> Answer | None:
        """Return the next response to this request, or None if there is none.

        All pages of one read come from the same response, so they show the same state.
        """
        with self._lock:
            of_page, answers = self._answers(operation, resource_id, page)
            if not answers:
                return None
            reads = self._reads[operation, resource_id, of_page]
            # Requesting the status, or the same page again, starts a new read.
            is_new = of_page is not None or page.limit == 1 or reads.count == 0 or page in reads.pages
            answer = answers[min(reads.count - (not is_new), len(answers) - 1)]
            if answer.authenticated and not key_accepted:
                return None
            reads.count += is_new
            reads.pages = (page,) if is_new else (*reads.pages, page)
            if of_page == page or not self.pages:
                return answer
            return replace(answer, body=_part(answer.body, page, 0 if of_page else page.offset))

    def queue(self, simulation_id: str, callers: Sequence[int], repeats: int) -> Answer:
        """Queue a run. If the simulation's id is one of the stub's run ids, the new run replays that run.

        Without `callers`, the run has the simulation's callers. Each caller has `repeats` conversations.
        """
        with self._lock:
            run_id = str(_FIRST_QUEUED + self._ever_queued)
            self._ever_queued += 1
            if known := KNOWN.get(simulation_id):
                played = known.played(run_id, simulation_id)
                self._queued[run_id] = lambda _: played
            else:
                repeated = [each for each in callers or CALLERS for _ in range(repeats)]
                self._queued[run_id] = QueuedRun(run_id, simulation_id, repeated, self.now, self._life).at
            ids = self._queued[run_id](self.now).result_ids
            if len(self._queued) > _QUEUED:
                self._queued.popitem(last=False)
            queued = {"simulation_run_id": run_id, "simulation_result_ids": ids, "agent_id": "17"}
            return Answer.json(queued | {"status": "success"})

    def last_bodies(self, run_id: str) -> list[bytes]:
        """Return the last body of each page of a run; raise LookupError if there is none.

        A queued run is returned as if it were complete. If pages with the same offset have different limits,
        only the largest page is returned.
        """
        with self._lock:
            served = self._served_run(run_id, _END)
        by_size = sorted(served.items(), key=lambda each: each[0].limit if each[0] else 0)
        last = {page.offset if page else 0: answers[-1].body for page, answers in by_size if answers}
        if not last:
            raise LookupError(f"the stub has no run {run_id!r}")
        return [body for _, body in sorted(last.items())]

    def _answers(
        self, operation: Operation, resource_id: str, page: Page
    ) -> tuple[Page | None, tuple[Answer, ...]]:
        # Look for responses for this page, then for a page at this offset, then for all pages.
        served = self._served.get((operation, resource_id), {})
        if page in served:
            return page, served[page]
        if same_offset := [each for each in served if each and each.offset == page.offset]:
            largest = max(same_offset, key=lambda each: each.limit)
            return largest, served[largest]
        return None, served[None] if None in served else self._own(operation, resource_id)

    def _own(self, operation: Operation, resource_id: str) -> tuple[Answer, ...]:
        # Return the stub's own responses, which are used if the test has served none.
        if operation is RESULTS:
            return self._served_run(resource_id, self.now)[None]
        if operation is RUNS:
            return self._runs(resource_id)
        records = self._records(resource_id) if operation is RESULT else ()
        return tuple(Answer.json({"simulation_result": each, "status": "200"}) for each in records)

    def _run(self, run_id: str, now: datetime) -> Scenario | None:
        queued = self._queued.get(run_id)
        return queued(now) if queued else KNOWN.get(run_id)

    def _served_run(self, run_id: str, now: datetime) -> Served:
        # Return the responses that a test has served for a run or, by default, the stub's own.
        served = self._served.get((RESULTS, run_id), {})
        run = None if None in served else self._run(run_id, now)
        return {None: tuple(map(Answer, run.bodies)) if run else (), **served}

    def _runs(self, simulation_id: str) -> tuple[Answer, ...]:
        # Return the list of a simulation's runs; nothing if the stub doesn't know the simulation.
        if simulation_id in NO_RUNS:
            return (Answer.json(NO_RUNS[simulation_id]),)
        if not simulation_id.isdecimal():  # the service's ids are numeric; this list has them as integers
            return ()
        known = [*KNOWN.values(), *(queued(self.now) for queued in self._queued.values())]
        runs = [self._state_of(each) for each in known if each.simulation_id == simulation_id]
        return (Answer.json(run_list(runs)),) if runs else ()

    def _state_of(self, run: Scenario) -> Any:
        polls = self._reads[RESULTS, run.run_id, None].count
        return json.loads(run.bodies[min(max(polls, 1), len(run.bodies)) - 1])

    def _records(self, result_id: str) -> Sequence[Any]:
        # Return the successive responses to fetches of a result by id.
        for operation, run_id in self._served:
            if operation is RESULTS and (found := self._latest(run_id, result_id)):
                return found
        # A result's id begins with the id of its run, except in the `reference` scenario.
        run_id = "48200" if result_id == "123" else result_id[:-4]
        run = self._run(run_id, self.now)
        if not run or (RESULTS, run_id) in self._served:
            return []
        return _found(result_id, run.single_bodies) if run.single_bodies else self._latest(run_id, result_id)

    def _latest(self, run_id: str, result_id: str) -> Sequence[Any]:
        # Return the result from the latest poll that contained it or, before any poll, from the first
        # response.
        polled = [
            each.body
            for page, answers in self._served_run(run_id, self.now).items()
            for each in reversed(answers[: max(self._reads[RESULTS, run_id, page].count, 1)])
            if each.status == 200
        ]
        return _found(result_id, polled)[:1]


def _part(body: bytes, page: Page, offset: int) -> bytes:
    """Return a body with only one page's results; the bytes of each result stay the same.

    The body is returned unchanged if it isn't a JSON object with a list of results, or if all of its
    results are on this page.
    """
    try:
        fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        results = msgspec.json.decode(fields.get("simulation_results", b"[]"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return body
    inside = results[offset : offset + page.limit]
    if len(inside) == len(results):
        return body
    return msgspec.json.encode(fields | {"simulation_results": inside})


def _found(result_id: str, bodies: Iterable[bytes]) -> Sequence[Any]:
    return [found for body in bodies if (found := _results_in(body).get(result_id))]


@lru_cache(64)
def _results_in(body: bytes) -> Mapping[str, Any]:
    try:
        return {str(result["id"]): result for result in json.loads(body)["simulation_results"] or ()}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}  # a test's own response, which might not contain a run
