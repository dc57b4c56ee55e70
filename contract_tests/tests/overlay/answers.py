"""Builds responses with a run or a conversation, for tests of fetches by id and recordings."""

import datetime
import email.utils
from collections.abc import Sequence
from typing import Any

from bluejay_contract.stub import Answer, Stub
from bluejay_results import SimulationRun
from bluejay_results.client.retrieval import seen_in
from bluejay_results.recording.exchange import Exchange, FirstSeen, ReadSettings
from bluejay_results.results.page import Parts, read_page
from bluejay_results.results.responses import OnViolation

from .. import builders
from .conftest import START

CALLED: dict[str, Any] = {"tool_calls": [builders.tool_calls()]}
UNRECORDED: dict[str, Any] = {"tool_calls": [builders.tool_calls(actual=0)]}
EMPTY: dict[str, Any] = {"tool_calls": []}
UNSCORED: dict[str, Any] = {"status": "EVALUATING", "evaluations": []}
QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "7"}


def listed(*results: builders.Document, date: Any = datetime.timedelta(), **run: Any) -> Answer:
    """A response with a run; `date` is as in `Answer`."""
    return Answer.json(builders.response(*results, **run), date=date)


def single(id_: int = 1, **fields: Any) -> Answer:
    """The response to a fetch by id."""
    return Answer.json({"simulation_result": builders.result(id_, **fields)})


def read_by_wait(
    *responses: builders.Document,
    at: Sequence[float] = (0,),
    is_wait: bool = True,
    on_violation: OnViolation = "raise",
) -> SimulationRun:
    """Return the run that `wait` reads from these responses; `at` has seconds since the clock's start."""
    pages = []
    for body, moment in zip(map(builders.encoded, responses), at, strict=True):
        date = email.utils.format_datetime(START + datetime.timedelta(seconds=moment), usegmt=True)
        pages.append(read_page(Exchange(headers={"date": date}, moment=moment, body=body), on_violation))
    settings = ReadSettings(is_wait, 180)
    return SimulationRun(Parts((pages[-1],), settings=settings, seen=seen_in(pages, FirstSeen())))


def pages(stub: Stub) -> list[tuple[int, int]]:
    """The limit and the offset of each page request, in request order."""
    asked = [each.query for each in stub.requests if each.operation == "retrieve_simulation_results"]
    return [(int(each["limit"]), int(each["offset"])) for each in asked]


def conversations(count: int, first: int = 1, **fields: Any) -> list[builders.Document]:
    """Build this many small conversations with consecutive ids."""
    return [builders.result(id_, **fields) for id_ in range(first, first + count)]


def large_run(*unscored: int, count: int = 250, **run: Any) -> Answer:
    """A run with this many conversations, of which those in `unscored` are still being scored."""
    results = [each | UNSCORED if each["id"] in unscored else each for each in conversations(count)]
    return listed(*results, **{"total_tests": count} | run)


def seen(run: SimulationRun) -> tuple[object, ...]:
    """Return everything that verdicts and reports depend on."""
    return (
        run.to_json(),
        [each.outcome for each in run.results],
        run.notes,
        run.violations,
        [(each.url, each.body) for each in run.responses],
        run.missing_count,
        run.grace,
        run.is_settled,
        run.parts.settings,
    )
