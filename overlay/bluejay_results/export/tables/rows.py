"""The rows of the tables as objects. Each column reads its value from an attribute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bluejay_api.models import Evaluation

from ...results.answers import Correction
from ...results.latency import LatencySummary
from ...results.result import SimulationResult
from ...results.run import SimulationRun

_NO_EVALUATION = Evaluation(None, None)
_NOT_CORRECTED = Correction(None, None, None, None)
_NOT_MEASURED = LatencySummary()


class Run(NamedTuple):
    """A row of `runs`."""

    run: SimulationRun
    conversations: int
    passed: int
    failed: int
    unknown: int
    void: int
    violations: int


class Conversation(NamedTuple):
    """A row of `conversations`.

    `evaluation` has a reviewer's answers, `judged` the judge's, and all of their fields are None if there is
    no evaluation. `correction` is the latest one. All figures of `latency_ms` are None if the unit of the
    latencies is not known.
    """

    run_id: str
    simulation_id: str
    id: int
    result: SimulationResult
    evaluation: Evaluation
    judged: Evaluation
    corrections: int
    correction: Correction
    latency_ms: LatencySummary
    seconds: float | None
    tool_calls_from: str
    violations: int
    transcript_url: str | None
    audio_url: str | None


class Detail(NamedTuple):
    """A row of `metrics`, `events` or `tool_calls`.

    Only a tool call has `name`, `side` and `offset_ms`, and only a metric can have a `correction`.
    """

    conversation: Conversation
    place: int
    detail: Any
    name: str = ""
    side: str = ""
    offset_ms: int | None = None
    correction: Correction = _NOT_CORRECTED


class Error(NamedTuple):
    """A row of `errors`: a run, or a value of a run, that is missing from the other tables."""

    run_id: str
    simulation_id: str | None
    conversation_id: str | int | None
    type: str
    message: str
    path: str | None = None
    status_code: int | None = None


class Source(NamedTuple):
    """A run and the rows of its conversations, from which all other rows are made."""

    run: SimulationRun
    conversations: list[Conversation]

    @classmethod
    def of(cls, run: SimulationRun, *, with_links: bool) -> Source:
        """Return the run and the rows of its conversations."""
        return cls(run, [_conversation(each, run, with_links) for each in run.results])


def _conversation(result: SimulationResult, run: SimulationRun, with_links: bool) -> Conversation:
    length, response = result.duration, result.response
    return Conversation(
        run.id,
        run.simulation_id,
        result.id,
        result,
        result.effective_evaluation or _NO_EVALUATION,
        result.evaluation or _NO_EVALUATION,
        len(result.corrections),
        result.last_correction or _NOT_CORRECTED,
        result.latency.in_milliseconds() or _NOT_MEASURED,
        None if length is None else length.total_seconds(),
        "id" if result.was_fetched_by_id else "list",
        len(result.violations),
        response.transcript_url if with_links else None,
        response.audio_url if with_links else None,
    )


def runs(source: Source) -> Iterator[Run]:
    """Yield the only row of a run."""
    run = source.run
    passed, failed, unknown, void = map(len, (run.passed, run.failed, run.unknown, run.void))
    yield Run(run, len(run.results), passed, failed, unknown, void, len(run.violations))


def metrics(source: Source) -> Iterator[Detail]:
    """Yield the answers of custom metrics in the current evaluation of each conversation."""
    for row in source.conversations:
        for place, each in enumerate(row.result.metrics):
            yield Detail(row, place, each, correction=each.correction or _NOT_CORRECTED)


def tool_calls(source: Source) -> Iterator[Detail]:
    """Yield the expected and then the actual calls of each tool in each conversation."""
    for row in source.conversations:
        for group in row.result.response.tool_calls or ():
            for place, expected in enumerate(group.expected or ()):
                yield Detail(row, place, expected, group.name, "expected")
            for place, actual in enumerate(group.actual or ()):
                yield Detail(row, place, actual, group.name, "actual", actual.start_offset_ms)


def events(source: Source) -> Iterator[Detail]:
    """Yield the events of each conversation, in the order received."""
    for row in source.conversations:
        for place, each in enumerate(row.result.response.events or ()):
            yield Detail(row, place, each)
