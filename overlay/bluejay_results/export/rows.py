"""Converts runs to table rows. A row is an object whose attributes fill the columns."""

from __future__ import annotations

import datetime
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

import msgspec
from bluejay_api.models import Evaluation

from .._secrets import without_signatures
from ..errors import UsageError
from ..results.answers import Correction
from ..results.latency import LatencySummary
from ..results.metrics import metrics
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .tables import TABLES, Column, ColumnType

Row: TypeAlias = tuple[Any, ...]
Columns: TypeAlias = dict[str, list[Any]]
Converted: TypeAlias = tuple[list[Any], list[tuple[int, Any]]]
"""The converted values, and each value that doesn't fit its column, with its index."""

_NO_EVALUATION = Evaluation(None, None)
_NOT_CORRECTED = Correction(None, None, None, None)
_NOT_MEASURED = LatencySummary()
_ENCODE = msgspec.json.Encoder().encode


class Run(NamedTuple):
    """A row of `runs`."""

    run: SimulationRun
    exported_at: datetime.datetime | None
    conversations: int
    passed: int
    failed: int
    unknown: int
    void: int
    violations: int


class Conversation(NamedTuple):
    """A row of `conversations`.

    `evaluation` has the reviewer's answers and `judged` has the judge's; without an evaluation, all of their
    fields are None. `correction` is the latest correction. All figures in `latency_ms` are None if the unit
    is unknown. Unless the conversation failed, a tool without a recorded call might have been called.
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
    missing_tools: tuple[str, ...] | None
    unrecorded_tools: tuple[str, ...] | None
    tool_calls_from: str
    violations: int
    transcript_url: str | None
    audio_url: str | None

    @classmethod
    def of(cls, result: SimulationResult, run: SimulationRun, with_links: bool) -> Conversation:
        """Return a conversation's row."""
        length, response, uncalled = result.duration, result.response, result.missing_tools or None
        is_certain = result.outcome is Outcome.FAILED
        return cls(
            run.id,
            run.simulation_id,
            result.id,
            result,
            result.effective_evaluation or _NO_EVALUATION,
            result.evaluation or _NO_EVALUATION,
            len(result.corrections),
            result.last_correction or _NOT_CORRECTED,
            result.latency_ms or _NOT_MEASURED,
            None if length is None else length.total_seconds(),
            uncalled if is_certain else None,
            None if is_certain else uncalled,
            "id" if result.was_fetched_by_id else "list",
            len(result.violations),
            response.transcript_url if with_links else None,
            response.audio_url if with_links else None,
        )


class Detail(NamedTuple):
    """A row of `metrics`, `events` or `tool_calls`.

    Only tool calls have `name`, `side` and `offset_ms`, and only metrics can have a `correction`.
    """

    conversation: Conversation
    place: int
    detail: Any
    name: str = ""
    side: str = ""
    offset_ms: int | None = None
    correction: Correction = _NOT_CORRECTED


class Error(NamedTuple):
    """A row of `errors`: a run, or a value in a run, that is missing from the other tables."""

    run_id: str
    simulation_id: str | None
    conversation_id: str | int | None
    type: str
    message: str
    path: str | None = None
    status_code: int | None = None


def _attribute(column: Column) -> str:
    return f"{column.path}{column.name}" if column.path.endswith(".") else column.path or column.name


_VALUES = {name: attrgetter(*map(_attribute, table.columns)) for name, table in TABLES.items()}


def to_rows(run: SimulationRun, table: str, *, with_links: bool = False) -> list[dict[str, Any]]:
    """Return one of a run's tables as dicts, with an export's columns; `exported_at` is None.

    Args:
        run: The run, settled or not.
        table: `runs`, `conversations`, `metrics`, `tool_calls`, `events` or `errors`.
        with_links: Keep the signed URLs, which are secrets while they are valid.

    Raises:
        UsageError: The table does not exist.
    """
    if table not in TABLES:
        raise UsageError(f"There is no table {table!r}. The tables are {', '.join(TABLES)}.")
    errors = list[Row]()
    for name, rows in read_tables(run, with_links=with_links):
        columns = empty(name)
        extend(columns, name, [*rows, *(errors if name == "errors" else ())])
        errors += convert(columns, name)
        if name == table:
            break
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def read_tables(
    run: SimulationRun, *, with_links: bool, exported_at: datetime.datetime | None = None
) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield the name and the rows of each table."""
    conversations = [Conversation.of(each, run, with_links) for each in run.results]
    counts = map(len, (run.results, run.passed, run.failed, run.unknown, run.void, run.violations))
    rows: dict[str, Iterable[Row]] = {
        "runs": [Run(run, exported_at, *counts)],
        "conversations": conversations,
        "metrics": _metrics(conversations),
        "tool_calls": _tool_calls(conversations),
        "events": _events(conversations),
        "errors": _violations(run),
    }
    for name in TABLES:
        yield name, map(_VALUES[name], rows[name])


def _metrics(conversations: list[Conversation]) -> Iterator[Detail]:
    for row in conversations:
        for place, each in enumerate(metrics(row.result)):
            yield Detail(row, place, each, correction=each.correction or _NOT_CORRECTED)


def _tool_calls(conversations: list[Conversation]) -> Iterator[Detail]:
    for row in conversations:
        for group in row.result.tool_calls:
            for place, expected in enumerate(group.expected or ()):
                yield Detail(row, place, expected, group.name, "expected")
            for place, actual in enumerate(group.actual or ()):
                yield Detail(row, place, actual, group.name, "actual", actual.start_offset_ms)


def _events(conversations: list[Conversation]) -> Iterator[Detail]:
    return (Detail(row, place, each) for row in conversations for place, each in enumerate(row.result.events))


def _violations(run: SimulationRun) -> Iterator[Error]:
    for each, conversation in run.parts.located():
        yield Error(run.id, run.simulation_id, conversation, "Violation", each.message, each.path)


def failure(run_id: str, error: Exception) -> Row:
    """Return the `errors` row for a run that couldn't be exported."""
    path, status = getattr(error, "path", None), getattr(error, "status_code", None)
    kind, message = type(error).__name__, without_signatures(str(error))  # an error can quote a URL
    return Error(_encodable(run_id), None, None, kind, _encodable(message), path, status)


def _encodable(value: str) -> str:
    return value.encode(errors="replace").decode()  # a file name can be invalid UTF-8


def empty(table: str) -> Columns:
    """Return the columns of a table, without rows."""
    return {each.name: [] for each in TABLES[table].columns}


def extend(columns: Columns, table: str, rows: Sequence[Row]) -> None:
    """Add rows to columns. JSON values are serialized because many small objects use a lot of memory."""
    for column, values in zip(TABLES[table].columns, zip(*rows, strict=True), strict=False):
        columns[column.name] += _as_json(values) if column.type is ColumnType.JSON else values


def convert(columns: Columns, table: str) -> list[Row]:
    """Convert values to their column's type.

    A value that doesn't fit becomes null. For each such value, return an `errors` row.
    """
    errors = list[Row]()
    for column in (each for each in TABLES[table].columns if each.type in _CONVERT):
        columns[column.name], wrong = _CONVERT[column.type](columns[column.name])
        for place, value in wrong:
            run_id, simulation_id = columns["run_id"][place], columns["simulation_id"][place]
            conversation_id = columns["conversation_id"][place] if "conversation_id" in columns else None
            message, path = f"{value} doesn't fit in a column of type {column.type}", f"{table}.{column.name}"
            errors.append(Error(run_id, simulation_id, conversation_id, "UnsupportedValue", message, path))
    return errors


def _as_json(values: Sequence[Any]) -> list[str | None]:
    try:
        return [None if each is None else _ENCODE(each).decode() for each in values]
    except (OverflowError, ValueError):  # an integer of more than 64 bits
        if len(values) > 1:
            return [text for each in values for text in _as_json([each])]
        return [json.dumps(values[0], ensure_ascii=False)]


def _texts(values: list[Any]) -> Converted:
    """Convert values to text. Ids are text too because many programs round integers above 2^53."""
    if {*map(type, values)} <= {str, type(None)}:
        return values, []
    return [each if each is None else str(each) for each in values], []


def _integers(values: list[Any]) -> Converted:
    try:
        array("q", [each for each in values if each is not None])  # faster than checking each value
    except OverflowError:
        return _checked(values, lambda each: array("q", [each])[0])
    return values, []


def _checked(values: list[Any], convert: Callable[[Any], Any]) -> Converted:
    converted, wrong = list[Any](), list[tuple[int, Any]]()
    for place, value in enumerate(values):
        try:
            converted.append(None if value is None else convert(value))
        except OverflowError:
            converted.append(None)
            wrong.append((place, value))
    return converted, wrong


_CONVERT: dict[ColumnType, Callable[[list[Any]], Converted]] = {
    ColumnType.TEXT: _texts,
    ColumnType.INTEGER: _integers,
    ColumnType.TIME: lambda values: _checked(values, lambda each: each.astimezone(datetime.UTC)),
}
