"""The words of `calls.yaml`: builds calls of every method of the client, with the responses to each."""

import datetime
import gzip
from collections.abc import Mapping, Sequence
from typing import Any

from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import Answer
from bluejay_results.recording.exchange import Exchange, Resource
from bluejay_results.results.queued import QueuedRun

from .. import builders
from ..builders import evaluation, result
from ..clock import START
from ..overlay.answers import (
    CALLED,
    QUEUED,
    UNRECORDED,
    UNSCORED,
    conversations,
    listed,
    single,
)
from ..virtual import Call

Answers = Mapping[str, Sequence[Answer]]
ENDED: dict[str, Any] = {"end_time": START.isoformat()}
AN_HOUR = datetime.timedelta(hours=1)
LATE = result(1, **UNRECORDED, **ENDED)
"""A conversation whose tool call isn't recorded yet."""
EARLIER = LATE | {"end_time": (START - datetime.timedelta(seconds=100)).isoformat()}
UNTIMED = result(1, **UNRECORDED)
FIRST, OTHER = result(1, **CALLED), result(2, **CALLED)
SCORING = result(2, **UNSCORED)
UNDER_WAY = result(1, **UNSCORED)
UNJUDGED = {"evaluations": [evaluation(id="a", goal_success=None)]}
JUDGED = {"evaluations": [evaluation(id="a")]}
FAILED = {"evaluations": [evaluation(id="b", goal_success=False)]}
LACKING, WHOLE = single(1, **UNRECORDED, **ENDED), single(1, **CALLED)
RUNNING = listed(UNDER_WAY, status="RUNNING", total_tests=2, tests_completed=1)
NULL: dict[str, Any] = {"status": None, "total_tests": None}
NONE = Answer(status=404)
FIRST_PAGE = conversations(100)


def fault(status: int, retry_after: Any = None, detail: Any = None, **options: Any) -> Answer:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Answer.json({"detail": detail}, status, headers=headers, **options)


def broken(exception: str) -> Answer:
    """Return an exception of the HTTP library in place of a response."""
    return Answer(headers={"x-raises": exception})


AWAY, LIMITED = fault(503), fault(429, 7)


def wait(*pages: Answer, fetches: Sequence[Answer] = (NONE,), retries: int = 0, **options: Any) -> Call:
    answers = {"48213": pages, "#1": fetches}
    return Call("wait", "48213", answers, {"poll_interval": 50, **options}, {"retries": retries})


def retrieve(*pages: Answer, fetches: Sequence[Answer] = (NONE,), retries: int = 0, **options: Any) -> Call:
    return Call("retrieve", "48213", {"48213": pages, "#1": fetches}, options, {"retries": retries})


def paged(*pages: Answer, **options: Any) -> Call:
    """Read a run with these pages."""
    return tried(*([each] for each in pages), retries=0, **options)


def tried(*pages: Sequence[Answer], retries: int = 3, **options: Any) -> Call:
    """Read a run with these responses to each page's requests."""
    answers = {f"48213@{100 * number}": each for number, each in enumerate(pages)}
    return Call("retrieve", "48213", answers, options, {"retries": retries})


def whole(*answers: Answer, method: str = "retrieve") -> Call:
    """Read a run without pages."""
    return Call(method, answers={"48213": answers}, pages=False)


def completed(*kinds: Mapping[str, Any]) -> Call:
    """Fetch what is missing of these conversations; each fetch finds a call and a verdict."""
    results = [result(id_, **each) for id_, each in enumerate(kinds, 1)]
    fetches = {f"#{each['id']}": [single(each["id"], **CALLED, **JUDGED)] for each in results}
    return Call("retrieve", "48213", {"48213": [listed(*results)], **fetches}, {"complete": True})


def many(*ids: str, answers: Answers, retries: int = 0, **options: Any) -> Call:
    return Call("retrieve_many", ids, answers, {"concurrency": 1, **options}, {"retries": retries})


def queue(*answers: Answer, run: Any = "731", settings: Any = None, **options: Any) -> Call:
    return Call("queue", run, {"queue": answers}, options, {"retries": 3} | (settings or {}))


def one(*answers: Answer, retries: int = 3, **options: Any) -> Call:
    return Call("retrieve_result", "1", {"#1": answers}, options, {"retries": retries})


def runs(*rows: Any, answers: Sequence[Answer] = (), simulation: str = "731", **options: Any) -> Call:
    served = [*answers, Answer.json({"simulation_runs": rows})]
    return Call("runs", simulation, {"runs": served}, options)


def row(id_: Any = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "experiment_id": 731,
        "created_at": "2026-11-19T16:04:00Z",
        "status": "COMPLETED",
    } | fields


def queued_run(*ids: str) -> QueuedRun:
    body = Answer.json(QUEUED | {"simulation_result_ids": ids}).body
    return QueuedRun.received(Exchange(resource=Resource("queue", "731"), body=body))


def own(run: str, **fields: Any) -> Answer:
    return listed(result(1, **CALLED), id=run, **fields)


def of(call: Call, argument: Any) -> Call:
    """Return the call with another argument."""
    return Call(call.method, argument, call.answers, call.options, call.settings)


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for part in parts for key, each in part.items()}


def later(answer: Answer) -> Answer:
    """Return the response, with a Date that is an hour ahead."""
    return Answer(answer.body, date=AN_HOUR)


def compressed(answer: Answer, encoding: str = "gzip") -> Answer:
    return Answer(gzip.compress(answer.body), headers={"content-encoding": encoding})


def url(simulation: str, rest: str) -> str:
    return f"https://app.getbluejay.ai/simulations/{simulation}/runs/48213{rest}"


sent, call_of = Answer.json, builders.tool_calls
NO_OBJECT: Any = "no object"
ODD_ID = "../\u043b?x=1#y/%2e"
ENCODED = Call("retrieve", ODD_ID, {ODD_ID: [own(ODD_ID)]})
REQUEST = QueueSimulationRunRequest("731", phone_number="+49301234", livekit_metadata={"a": None, "b": [1.5]})
