"""The rows of the tables as objects, in which the columns find their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from attrs import frozen
from bluejay_api.models import Evaluation, Event

from ...results.latency import LatencySummary, LatencyUnit
from ...results.metrics import Metric
from ...results.result import SimulationResult
from ...results.run import SimulationRun

_NO_EVALUATION = Evaluation(None, None)
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


@frozen
class Conversation:
    """A row of `conversations`.

    Attributes:
        run: The run.
        result: The conversation.
        evaluation: The current evaluation; empty if there is none.
        latency: The latencies in milliseconds; empty if their unit is unclear.
        with_links: Whether to keep the signed URLs.
    """

    run: SimulationRun
    result: SimulationResult
    evaluation: Evaluation
    latency: LatencySummary
    with_links: bool

    @property
    def seconds(self) -> float | None:
        """The length of the conversation."""
        length = self.result.duration
        return None if length is None else length.total_seconds()

    @property
    def tool_calls_from(self) -> str:
        """Where the record came from."""
        return "id" if self.result.was_fetched_by_id else "list"

    @property
    def violations(self) -> int:
        """The number of violations of the contract."""
        return len(self.result.violations)

    @property
    def transcript_url(self) -> str | None:
        """The signed URL of the transcript, if links are kept."""
        return self.result.response.transcript_url if self.with_links else None

    @property
    def audio_url(self) -> str | None:
        """The signed URL of the audio, if links are kept."""
        return self.result.response.audio_url if self.with_links else None


class MetricOrEvent(NamedTuple):
    """A row of `metrics` or `events`."""

    conversation: Conversation
    place: int
    detail: Metric | Event


class ToolCall(NamedTuple):
    """A row of `tool_calls`."""

    conversation: Conversation
    place: int
    name: str
    side: str
    arguments: Any
    output: Any
    offset_ms: int | None


class Error(NamedTuple):
    """A row of `errors`: a run that the other tables lack, or a value that they lack."""

    run_id: str
    simulation_id: str | None
    type: str
    message: str
    path: str | None = None
    conversation_id: str | int | None = None
    status_code: int | None = None


class Source(NamedTuple):
    """What the rows of a run are made from."""

    run: SimulationRun
    conversations: list[Conversation]

    @classmethod
    def of(cls, run: SimulationRun, *, with_links: bool) -> Source:
        """Return the source of a run's rows."""
        is_ms, rows = run.latency_unit is LatencyUnit.MILLISECONDS, []
        for each in run.results:
            latency = each.latency_received if is_ms else each.latency.in_milliseconds() or _NOT_MEASURED
            rows.append(Conversation(run, each, each.evaluation or _NO_EVALUATION, latency, with_links))
        return cls(run, rows)


def runs(source: Source) -> Iterator[Run]:
    """Yield the one row of a run."""
    run = source.run
    passed, failed, unknown, void = map(len, (run.passed, run.failed, run.unknown, run.void))
    yield Run(run, len(run.results), passed, failed, unknown, void, len(run.violations))


def conversations(source: Source) -> list[Conversation]:
    """Return the conversations; each id occurs once."""
    return source.conversations


def metrics(source: Source) -> Iterator[MetricOrEvent]:
    """Yield the answers of custom metrics in the current evaluation of each conversation."""
    for row in source.conversations:
        for place, each in enumerate(row.evaluation.custom_metrics or ()):
            yield MetricOrEvent(row, place, Metric.of(each))


def tool_calls(source: Source) -> Iterator[ToolCall]:
    """Yield the expected and then the actual calls of each tool in each conversation."""
    for row in source.conversations:
        for group in row.result.response.tool_calls or ():
            for place, expected in enumerate(group.expected or ()):
                yield ToolCall(row, place, group.name, "expected", expected.parameters, expected.output, None)
            for place, actual in enumerate(group.actual or ()):
                call = (actual.parameters, actual.output, actual.start_offset_ms)
                yield ToolCall(row, place, group.name, "actual", *call)


def events(source: Source) -> Iterator[MetricOrEvent]:
    """Yield the events of each conversation, in the order received."""
    for row in source.conversations:
        for place, each in enumerate(row.result.response.events or ()):
            yield MetricOrEvent(row, place, each)
