"""The tables with the details of conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ...results.metrics import Metric
from .column import BOOLEAN, INTEGER, JSON, NUMBER, TEXT, TIME, Column, Kind, Table
from .row import (
    ConversationRow,
    EvaluationRow,
    EventRow,
    MetricRow,
    ToolCallRow,
    evaluations,
    events,
    metrics,
    tool_calls,
)

T = TypeVar("T")


def _keys(of: Callable[[T], ConversationRow]) -> tuple[Column[T], ...]:
    """Return the columns that all detail tables share: they identify the conversation."""
    return (
        Column("run_id", TEXT, "The id of the run.", lambda r: of(r).source.run.id),
        Column(
            "simulation_id",
            TEXT,
            "The id of the run's simulation.",
            lambda r: of(r).source.run.simulation_id,
        ),
        Column("run_settled", BOOLEAN, "Whether the run was settled.", lambda r: of(r).source.is_settled),
        Column(
            "tool_calls_from",
            TEXT,
            "Where the record of the conversation came from: `list` or `id` (fetched by id).",
            lambda r: of(r).tool_calls_from,
        ),
        Column("conversation_id", TEXT, "The id of the conversation.", lambda r: of(r).id),
    )


def _evaluation(name: str, kind: Kind, meaning: str) -> Column[EvaluationRow]:
    return Column(name, kind, meaning, lambda r: getattr(r.evaluation, name), f"Evaluation.{name}")


def _latency(figure: str, model: str, member: str, meaning: str) -> Column[EvaluationRow]:
    """Return the column for a figure in one of the two latency objects of an evaluation."""
    prefix = "" if member == "latency" else "filler_ignored_"
    received = f"{figure}_{'agent' if member == 'latency' else 'filler_ignored'}_latency"
    return Column(
        f"{prefix}latency_{figure}",
        NUMBER,
        f"{meaning} as received, in the run's `latency_unit`; 0 means not measured.",
        lambda r: getattr(getattr(r.evaluation, member), received, None),
        f"{model}.{received}",
    )


_PERCENTILES = {each: f"{each[1:]}th percentile" for each in ("p50", "p90", "p95", "p99")}

_EVALUATION_COLUMNS: tuple[Column[EvaluationRow], ...] = (
    *_keys(lambda r: r.conversation),
    Column("index", INTEGER, "Index of the evaluation in the conversation, from 0.", lambda r: r.place),
    Column(
        "is_current",
        BOOLEAN,
        "Whether this is the current evaluation, which was created last.",
        lambda r: r.evaluation is r.conversation.evaluation,
    ),
    Column("evaluation_id", TEXT, "The id of the evaluation.", lambda r: r.evaluation.id, "Evaluation.id"),
    _evaluation("created_at", TIME, "When the evaluation was made."),
    _evaluation("goal_success", BOOLEAN, "Whether the caller's goal was reached."),
    _evaluation("goal_reasoning", TEXT, "The reason for `goal_success`."),
    _evaluation("hallucination", BOOLEAN, "Whether the agent made something up."),
    _evaluation("hallucination_reasoning", TEXT, "The reason for `hallucination`."),
    _evaluation("redundancy", BOOLEAN, "Whether the agent repeated itself."),
    _evaluation("redundancy_reasoning", TEXT, "The reason for `redundancy`."),
    _evaluation("pronunciation_score", NUMBER, "How well the agent pronounced words; scale undocumented."),
    _evaluation("pronunciation_reasoning", TEXT, "The reason for `pronunciation_score`."),
    _evaluation("sentiment_label", TEXT, "Label of the sentiment."),
    _evaluation("sentiment_score", NUMBER, "Score of the sentiment; scale undocumented."),
    _evaluation("sentiment_scores", JSON, "The score of each sentiment, by its label."),
    _evaluation("agent_speak_percentage", NUMBER, "Percentage of the time in which the agent spoke."),
    _evaluation("num_turns", INTEGER, "Number of turns."),
    _evaluation("call_summary", TEXT, "A summary of the conversation, as text."),
    _evaluation("custom_evals", JSON, "Custom evaluations as received."),
    _evaluation(
        "custom_evals_success_rate",
        NUMBER,
        "Share of the custom evaluations that succeeded; scale undocumented.",
    ),
    _evaluation(
        "avg_agent_latency",
        NUMBER,
        "Mean of the agent's answer times, as received in a field apart from the figures below.",
    ),
    *(
        _latency(figure, "Latency", "latency", f"{meaning} of the agent's answer times")
        for figure, meaning in {"avg": "Mean", "max": "Maximum", **_PERCENTILES}.items()
    ),
    *(
        _latency(
            figure,
            "FillerIgnoredLatency",
            "filler_ignored_latency",
            f"{meaning} of the agent's answer times without filler words",
        )
        for figure, meaning in {"avg": "Mean", **_PERCENTILES}.items()
    ),
)


def _metric(name: str, kind: Kind, meaning: str) -> Column[MetricRow]:
    return Column(name, kind, meaning, lambda r: getattr(r.metric, name), f"CustomMetric.{name}")


_METRIC_COLUMNS: tuple[Column[MetricRow], ...] = (
    *_keys(lambda r: r.conversation),
    Column("evaluation_index", INTEGER, "`index` of the evaluation.", lambda r: r.evaluation_place),
    Column("is_current", BOOLEAN, "Whether the evaluation is the current one.", lambda r: r.is_current),
    Column("index", INTEGER, "Index of the metric in the evaluation, from 0.", lambda r: r.place),
    _metric("name", TEXT, "The metric's name. Metrics with the same name can have different types."),
    Column(
        "type",
        TEXT,
        "Type of the answer, such as `quantitative` or `pass_fail`.",
        lambda r: r.metric.response_type,
        "CustomMetric.response_type",
    ),
    Column(
        "number",
        NUMBER,
        "The answer as a number: 100 or 0 for `pass_fail` and `yes_no`, so that a mean is a percentage. Null "
        "if the answer can't be read, is out of range or not applicable, or if the metric has another type.",
        lambda r: Metric.of(r.metric).number,
    ),
    Column(
        "text",
        TEXT,
        "The answer as received.",
        lambda r: r.metric.response_value,
        "CustomMetric.response_value",
    ),
    _metric("description", TEXT, "The question to the judge."),
    _metric("reasoning", TEXT, "The judge's reason."),
    _metric("min_value", NUMBER, "The lowest possible answer."),
    _metric("max_value", NUMBER, "The highest possible answer."),
    _metric("category", TEXT, "The group of the metric."),
    _metric("tags", JSON, "The metric's labels: a list."),
    _metric("scoring_guidance", TEXT, "The scoring instructions for the judge."),
    _metric("enum_options", JSON, "The possible answers of an `enum` metric: a list."),
)

_TOOL_CALL_COLUMNS: tuple[Column[ToolCallRow], ...] = (
    *_keys(lambda r: r.conversation),
    Column("side", TEXT, "The kind of call: `expected` or `actual`.", lambda r: r.side),
    Column("index", INTEGER, "Index among the tool's expected or actual calls, from 0.", lambda r: r.place),
    Column("name", TEXT, "The name of the tool.", lambda r: r.name, "ToolCallComparisonGroup.name"),
    Column(
        "arguments",
        JSON,
        "The arguments of the call.",
        lambda r: r.call.parameters,
        ("ExpectedToolCallDetail.parameters", "ActualToolCallDetail.parameters"),
    ),
    Column(
        "output",
        JSON,
        "The output of the tool.",
        lambda r: r.call.output,
        ("ExpectedToolCallDetail.output", "ActualToolCallDetail.output"),
    ),
    Column(
        "offset_ms",
        INTEGER,
        "Start of an actual call (milliseconds after the conversation's start).",
        lambda r: getattr(r.call, "start_offset_ms", None),
        "ActualToolCallDetail.start_offset_ms",
    ),
)


def _event(name: str, kind: Kind, meaning: str) -> Column[EventRow]:
    return Column(name, kind, meaning, lambda r: getattr(r.event, name), f"Event.{name}")


_EVENT_COLUMNS: tuple[Column[EventRow], ...] = (
    *_keys(lambda r: r.conversation),
    Column("index", INTEGER, "Index of the event in the conversation, from 0.", lambda r: r.place),
    _event("title", TEXT, "What happened."),
    _event("start_offset_ms", INTEGER, "Start of the event (milliseconds after the conversation's start)."),
    _event("end_offset_ms", INTEGER, "End of the event (milliseconds after the conversation's start)."),
    _event("description", TEXT, "A description of the event."),
    _event("tags", JSON, "The event's labels: a list."),
    _event("metadata", JSON, "Free-form details."),
)

EVALUATIONS = Table(
    "evaluations", "One row per evaluation of a conversation.", _EVALUATION_COLUMNS, evaluations
)
METRICS = Table("metrics", "One row per custom metric in an evaluation.", _METRIC_COLUMNS, metrics)
TOOL_CALLS = Table("tool_calls", "One row per tool call, expected or actual.", _TOOL_CALL_COLUMNS, tool_calls)
EVENTS = Table("events", "One row per event of a conversation.", _EVENT_COLUMNS, events)
