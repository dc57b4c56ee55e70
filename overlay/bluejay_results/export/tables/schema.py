"""All tables and their columns. Each column is declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from .rows import events, metrics, runs, tool_calls


class Kind(StrEnum):
    """The type of a column; every column can be null. A JSON value is stored as text."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"


TEXT, INTEGER, NUMBER, BOOLEAN, TIME, JSON = Kind


@frozen
class Column:
    """A column: its name, its type, the meaning of its values, and how they are read from a row.

    `path` has the names of attributes, joined by dots.
    """

    name: str
    kind: Kind
    meaning: str
    path: str


@frozen
class Table:
    """A table: its name, the meaning of a row, a function that returns the rows of a run, and the columns."""

    name: str
    meaning: str
    rows: Callable[[Any], Iterable[Any]] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)


_RUN = "run.response.simulation_run"
_UNIT = "Unit of the latencies as received, `ms` or `s`, inferred from their size; null if unclear."
_LATENCY = "of the agent's answer times (milliseconds); null if not measured or if the unit is unclear."
_NUMBER = """The answer as a number: 100 or 0 for `pass_fail`, `yes_no` and `tool_call`, so that a mean is a \
percentage. Null if the answer isn't a number, is out of range or not applicable."""
_ERROR = """`Violation` or `UnsupportedValue` (the run is exported without this value), `NotSettled`, or the \
class of the error that prevented the export of the run."""
_LINK = "A signed URL, which is a secret while it is valid; null unless links are requested."

_ANSWERS = (
    (
        "goal_success",
        BOOLEAN,
        "Whether the caller's goal was reached; a reviewer's answer replaces the judge's.",
    ),
    ("goal_reasoning", TEXT, "The reason for `goal_success`."),
    (
        "hallucination",
        BOOLEAN,
        "Whether the agent made something up; a reviewer's answer replaces the judge's.",
    ),
    ("hallucination_reasoning", TEXT, "The reason for `hallucination`."),
    ("redundancy", BOOLEAN, "Whether the agent repeated itself; a reviewer's answer replaces the judge's."),
    ("redundancy_reasoning", TEXT, "The reason for `redundancy`."),
    (
        "pronunciation_score",
        NUMBER,
        "How well the agent pronounced words, with corrections; scale undocumented.",
    ),
    ("pronunciation_reasoning", TEXT, "The reason for `pronunciation_score`."),
)
_CORRECTION = (
    Column(
        "corrected_by", TEXT, "The id of the reviewer who made the latest correction.", "correction.reviewer"
    ),
    Column("corrected_at", TIME, "When the latest correction was made.", "correction.corrected_at"),
)
_OVERRIDE = (
    ("reason_code", "Why the reviewer corrected the answer, as a code."),
    ("notes", "The reviewer's notes on the correction."),
)
_KEYS = (
    Column("run_id", TEXT, "The id of the run.", "conversation.run_id"),
    Column("simulation_id", TEXT, "The id of the run's simulation.", "conversation.simulation_id"),
    Column("conversation_id", TEXT, "The id of the conversation.", "conversation.id"),
)
_RUNS = (
    Column("run_id", TEXT, "The id of the run.", "run.id"),
    Column("simulation_id", TEXT, "The id of the run's simulation.", "run.simulation_id"),
    Column("created_at", TIME, "When the run was created.", "run.created_at"),
    Column("status", TEXT, "The status of the run.", "run.status"),
    Column("summary", TEXT, "A summary of the run, as text.", "run.summary"),
    Column("total_tests", INTEGER, "The service's counter of conversations.", f"{_RUN}.total_tests"),
    Column("tests_passed", INTEGER, "The service's counter of passed conversations.", f"{_RUN}.tests_passed"),
    Column("tests_failed", INTEGER, "The service's counter of failed conversations.", f"{_RUN}.tests_failed"),
    Column(
        "tests_completed",
        INTEGER,
        "The service's counter of completed conversations.",
        f"{_RUN}.tests_completed",
    ),
    Column(
        "tests_incompleted",
        INTEGER,
        "The service's counter of incomplete conversations.",
        f"{_RUN}.tests_incompleted",
    ),
    Column("conversations", INTEGER, "Number of listed conversations.", "conversations"),
    *(
        Column(outcome, INTEGER, f"Number of conversations with the outcome `{outcome}`.", outcome)
        for outcome in ("passed", "failed", "unknown", "void")
    ),
    Column("missing", INTEGER, "Number of conversations that the run doesn't list.", "run.missing_count"),
    *(
        Column(name, NUMBER, meaning, f"run.{name}")
        for name, meaning in (
            ("pass_rate", "passed / (passed + failed), in percent."),
            ("pass_rate_lowest", "The pass rate if all unknown and missing conversations failed."),
            ("pass_rate_highest", "The pass rate if all unknown and missing conversations passed."),
            ("service_pass_rate", "tests_passed / total_tests, in percent."),
        )
    ),
    Column("latency_unit", TEXT, _UNIT, "run.latency_unit"),
    Column("violations", INTEGER, "Number of violations of the contract.", "violations"),
    Column("app_url", TEXT, "URL of the run's page in the app.", "run.app_url"),
)
_CONVERSATIONS = (
    Column("run_id", TEXT, "The id of the run.", "run_id"),
    Column("simulation_id", TEXT, "The id of the run's simulation.", "simulation_id"),
    Column("conversation_id", TEXT, "The id of the conversation.", "id"),
    Column("digital_human_id", TEXT, "The id of the caller.", "result.digital_human_id"),
    Column(
        "status",
        TEXT,
        "The status; a known one in one spelling: `No Answer` becomes NO_ANSWER.",
        "result.status",
    ),
    Column("outcome", TEXT, "`passed`, `failed`, `unknown` or `void`.", "result.outcome.value"),
    Column("reason", TEXT, "The reason for the outcome, in one line.", "result.reason"),
    Column("owner", TEXT, "Who has to act; null if nobody is known.", "result.owner"),
    Column("missing_tools", JSON, "Names of the expected tools without a call.", "result.missing_tools"),
    Column(
        "tool_calls_from", TEXT, "`id` if a record was fetched by id, otherwise `list`.", "tool_calls_from"
    ),
    Column("violations", INTEGER, "Number of violations of the contract.", "violations"),
    Column("start", TIME, "When the conversation started.", "result.response.start_time"),
    Column("end", TIME, "When the conversation ended.", "result.response.end_time"),
    Column("duration_s", NUMBER, "`end` minus `start` (seconds).", "seconds"),
    Column(
        "duration_received",
        INTEGER,
        "The duration as received (milliseconds or seconds).",
        "result.response.duration",
    ),
    Column("latency_average_ms", NUMBER, f"Mean {_LATENCY}", "latency_ms.average"),
    Column("latency_p50_ms", NUMBER, f"50th percentile {_LATENCY}", "latency_ms.p50"),
    Column("latency_p90_ms", NUMBER, f"90th percentile {_LATENCY}", "latency_ms.p90"),
    Column("latency_p95_ms", NUMBER, f"95th percentile {_LATENCY}", "latency_ms.p95"),
    Column("latency_p99_ms", NUMBER, f"99th percentile {_LATENCY}", "latency_ms.p99"),
    Column("latency_max_ms", NUMBER, f"Maximum {_LATENCY}", "latency_ms.maximum"),
    Column("evaluation_id", TEXT, "The id of the current evaluation, created last.", "evaluation.id"),
    Column("evaluated_at", TIME, "When the current evaluation was made.", "evaluation.created_at"),
    *(
        Column(name, kind, meaning, f"evaluation.{name}")
        for name, kind, meaning in (
            *_ANSWERS,
            ("sentiment_label", TEXT, "Label of the sentiment."),
            ("sentiment_score", NUMBER, "Score of the sentiment; scale undocumented."),
            ("sentiment_scores", JSON, "The score of each sentiment, by its label."),
            ("agent_speak_percentage", NUMBER, "Percentage of the time in which the agent spoke."),
            ("num_turns", INTEGER, "Number of turns."),
            ("call_summary", TEXT, "A summary of the conversation, as text."),
            ("custom_evals", JSON, "Custom evaluations as received."),
            (
                "custom_evals_success_rate",
                NUMBER,
                "Share of custom evaluations that succeeded; scale undocumented.",
            ),
            ("avg_agent_latency", NUMBER, "Mean of the agent's answer times as received; 0: not measured."),
            ("filler_ignored_latency", JSON, "Answer times without filler words as received."),
        )
    ),
    *(
        Column(
            f"judge_{name}", kind, f"The judge's `{name}`, even if a reviewer corrected it.", f"judged.{name}"
        )
        for name, kind, _ in _ANSWERS
    ),
    Column("corrections", INTEGER, "Number of answers that a reviewer corrected.", "corrections"),
    *_CORRECTION,
    *(
        Column(f"override_{name}_{what}", TEXT, meaning, f"judged.override_{name}_{what}")
        for name in ("goal", "hallucination", "redundancy", "pronunciation")
        for what, meaning in _OVERRIDE
    ),
    Column("agent_latency", JSON, "The agent's answer times as received.", "evaluation.latency"),
    Column("trace_ids", JSON, "The ids of the conversation's traces: a list.", "result.response.trace_ids"),
    Column("result", JSON, "Free-form details as received.", "result.response.result"),
    Column("transcript_url", TEXT, _LINK, "transcript_url"),
    Column("audio_url", TEXT, _LINK, "audio_url"),
)
_METRICS = (
    *_KEYS,
    Column("index", INTEGER, "Index of the metric in the evaluation, from 0.", "place"),
    Column("name", TEXT, "The metric's name. Metrics of one name can have several types.", "detail.name"),
    Column("type", TEXT, "Type of the answer, such as `quantitative` or `pass_fail`.", "detail.type"),
    Column("number", NUMBER, _NUMBER, "detail.number"),
    Column("text", TEXT, "The answer as received; a reviewer's answer replaces the judge's.", "detail.text"),
    Column("reasoning", TEXT, "The reason for this answer.", "detail.explanation"),
    Column(
        "judge_text",
        TEXT,
        "The judge's answer, even if a reviewer corrected it.",
        "detail.response.response_value",
    ),
    Column("judge_reasoning", TEXT, "The judge's reason.", "detail.response.reasoning"),
    *_CORRECTION,
    *(
        Column(f"override_{what}", TEXT, meaning, f"detail.response.override_{what}")
        for what, meaning in _OVERRIDE
    ),
    *(
        Column(name, kind, meaning, f"detail.response.{name}")
        for name, kind, meaning in (
            ("description", TEXT, "The question to the judge."),
            ("min_value", NUMBER, "The lowest possible answer."),
            ("max_value", NUMBER, "The highest possible answer."),
            ("category", TEXT, "The group of the metric."),
            ("tags", JSON, "The metric's labels: a list."),
            ("scoring_guidance", TEXT, "The scoring instructions for the judge."),
            ("enum_options", JSON, "The possible answers of an `enum` metric: a list."),
        )
    ),
)
_TOOL_CALLS = (
    *_KEYS,
    Column("name", TEXT, "The name of the tool.", "name"),
    Column("side", TEXT, "The kind of call: `expected` or `actual`.", "side"),
    Column("index", INTEGER, "Index among the tool's expected or actual calls, from 0.", "place"),
    Column("arguments", JSON, "The arguments of the call.", "detail.parameters"),
    Column("output", JSON, "The output of the tool.", "detail.output"),
    Column("offset_ms", INTEGER, "Start of an actual call (milliseconds from the start).", "offset_ms"),
)
_EVENTS = (
    *_KEYS,
    Column("index", INTEGER, "Index of the event in the conversation, from 0.", "place"),
    *(
        Column(name, kind, meaning, f"detail.{name}")
        for name, kind, meaning in (
            ("title", TEXT, "What happened."),
            ("start_offset_ms", INTEGER, "Start of the event (milliseconds from the conversation's start)."),
            ("end_offset_ms", INTEGER, "End of the event (milliseconds from the conversation's start)."),
            ("description", TEXT, "A description of the event."),
            ("tags", JSON, "The event's labels: a list."),
            ("metadata", JSON, "Free-form details."),
        )
    ),
)
_ERRORS = (
    Column("run_id", TEXT, "The id of the run, or the path of an unreadable file.", "run_id"),
    Column("simulation_id", TEXT, "The id of the simulation; null if unknown.", "simulation_id"),
    Column("conversation_id", TEXT, "The id of the conversation; null if unknown.", "conversation_id"),
    Column("type", TEXT, _ERROR, "type"),
    Column("message", TEXT, "What went wrong.", "message"),
    Column("path", TEXT, "JSON path of a violation; table and column of an unsupported value.", "path"),
    Column("status_code", INTEGER, "HTTP status of the response; null without a response.", "status_code"),
)
_ALL = (
    Table("runs", "One row per settled run.", runs, _RUNS),
    Table("conversations", "One row per conversation.", attrgetter("conversations"), _CONVERSATIONS),
    Table("metrics", "One row per custom metric in a current evaluation.", metrics, _METRICS),
    Table("tool_calls", "One row per tool call, expected or actual.", tool_calls, _TOOL_CALLS),
    Table("events", "One row per event of a conversation.", events, _EVENTS),
    Table("errors", "One row per run or value that the other tables lack.", lambda _source: (), _ERRORS),
)
TABLES = MappingProxyType({each.name: each for each in _ALL})
"""The tables by name. `errors` is last, because reading the other tables can add rows to it."""
