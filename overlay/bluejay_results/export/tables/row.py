"""The rows of the tables, in the form that their columns read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from attrs import frozen
from bluejay_api.models import (
    ActualToolCallDetail,
    CustomMetric,
    Evaluation,
    Event,
    ExpectedToolCallDetail,
)

from ...results.latency import LatencySummary
from ...results.result import SimulationResult
from ...results.run import SimulationRun

_NOT_MEASURED = LatencySummary()


@frozen(eq=False)
class Source:
    """A run, and the values that all its rows share."""

    run: SimulationRun
    with_links: bool
    is_settled: bool
    app_url: str | None
    incomplete: frozenset[int]

    @classmethod
    def of(cls, run: SimulationRun, *, with_links: bool) -> Source:
        """Return the values that all rows of a run share."""
        incomplete = frozenset(each.id for each in run.incomplete)
        return cls(run, with_links, run.is_settled, run.app_url, incomplete)

    @cached_property
    def conversations(self) -> tuple[ConversationRow, ...]:
        """The conversations; each id occurs once."""
        return tuple(ConversationRow.of(each, self) for each in self.run.results)

    @property
    def tool_calls_from(self) -> str | None:
        """Where the records came from: `list`, `id` or `both`; None without conversations."""
        found = {each.tool_calls_from for each in self.conversations}
        return "both" if len(found) > 1 else next(iter(found), None)


class ConversationRow(NamedTuple):
    """One conversation."""

    source: Source
    id: str | None
    tool_calls_from: str
    result: SimulationResult
    evaluation: Evaluation | None
    latency: LatencySummary
    """The latencies in milliseconds; all figures are None if the unit is not known."""

    @classmethod
    def of(cls, result: SimulationResult, source: Source) -> ConversationRow:
        """Return the row of a conversation."""
        tool_calls_from = "id" if result.was_fetched_by_id else "list"
        latency = result.latency.in_milliseconds() or _NOT_MEASURED
        return cls(source, text(result.id), tool_calls_from, result, result.evaluation, latency)

    @property
    def seconds(self) -> float | None:
        """The length of the conversation."""
        length = self.result.duration
        return None if length is None else length.total_seconds()


class EvaluationRow(NamedTuple):
    """One evaluation of a conversation."""

    conversation: ConversationRow
    place: int
    evaluation: Evaluation


class MetricRow(NamedTuple):
    """The answer of one custom metric in an evaluation."""

    conversation: ConversationRow
    evaluation_place: int
    is_current: bool
    place: int
    metric: CustomMetric


class ToolCallRow(NamedTuple):
    """One tool call, expected or actual."""

    conversation: ConversationRow
    side: str
    place: int
    name: str
    call: ExpectedToolCallDetail | ActualToolCallDetail


class EventRow(NamedTuple):
    """One event of a conversation."""

    conversation: ConversationRow
    place: int
    event: Event


def runs(source: Source) -> Iterator[Source]:
    """Yield the one row of a run."""
    yield source


def conversations(source: Source) -> Iterator[ConversationRow]:
    """Yield each conversation."""
    yield from source.conversations


def evaluations(source: Source) -> Iterator[EvaluationRow]:
    """Yield the evaluations of each conversation, in the order received."""
    for row in source.conversations:
        for place, each in enumerate(row.result.response.evaluations or ()):
            yield EvaluationRow(row, place, each)


def metrics(source: Source) -> Iterator[MetricRow]:
    """Yield the answers of custom metrics in each evaluation of each conversation."""
    for row, evaluation_place, evaluation in evaluations(source):
        is_current = evaluation is row.evaluation
        for place, each in enumerate(evaluation.custom_metrics or ()):
            yield MetricRow(row, evaluation_place, is_current, place, each)


def tool_calls(source: Source) -> Iterator[ToolCallRow]:
    """Yield the expected and then the actual calls of each tool in each conversation."""
    for row in source.conversations:
        for group in row.result.response.tool_calls or ():
            for place, expected in enumerate(group.expected or ()):
                yield ToolCallRow(row, "expected", place, group.name, expected)
            for place, actual in enumerate(group.actual or ()):
                yield ToolCallRow(row, "actual", place, group.name, actual)


def events(source: Source) -> Iterator[EventRow]:
    """Yield the events of each conversation, in the order received."""
    for row in source.conversations:
        for place, each in enumerate(row.result.response.events or ()):
            yield EventRow(row, place, each)


def text(value: object) -> str | None:
    """Return an id or a status as a string; None for None. As a number, an id above 2^53 would be rounded."""
    return None if value is None else str(value)
