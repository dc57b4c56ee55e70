"""All tables and their columns. Each column is declared once."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen


class ColumnType(StrEnum):
    """A column type. Every column is nullable; JSON values are stored as text."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"


TEXT, INTEGER, NUMBER, BOOLEAN, TIME, JSON = ColumnType


@frozen
class Column:
    """A column: its name, type and meaning, and the path to its value in a row.

    `path` consists of attribute names joined by dots. If it ends with a dot, the column's name is appended.
    """

    name: str
    type: ColumnType
    path: str
    meaning: str


@frozen
class Table:
    """A table: its name, the meaning of a row, and the columns."""

    name: str
    meaning: str
    columns: tuple[Column, ...] = field(repr=False)


_UNIT = "Unit of the latencies as received, `ms` or `s`, inferred from their size; null if unclear."
_LATENCY = "of the agent's response times (milliseconds); null if not measured or if the unit is unclear."
_NUMBER = """The answer as a number: 100 or 0 for `pass_fail`, `yes_no` and `tool_call`, so that a mean is a \
percentage. Null if the answer isn't a number, is out of range or not applicable."""
_ERROR = """`Violation` or `UnsupportedValue` (the run is exported without this value), `NotSettled`, or the \
class of the error that prevented the run's export."""
_LINK = "A signed URL, which is a secret while it is valid; null unless links are requested."
_REPLACED = "a reviewer's answer replaces the judge's."
_FROM_START = "(milliseconds from the conversation's start)."
_COUNTERS = "run.response.simulation_run."
_METRIC = "detail.response."

_ANSWERS = (
    Column("goal_success", BOOLEAN, "evaluation.", f"Whether the caller's goal was reached; {_REPLACED}"),
    Column("goal_reasoning", TEXT, "evaluation.", "The reason for `goal_success`."),
    Column("hallucination", BOOLEAN, "evaluation.", f"Whether the agent made something up; {_REPLACED}"),
    Column("hallucination_reasoning", TEXT, "evaluation.", "The reason for `hallucination`."),
    Column("redundancy", BOOLEAN, "evaluation.", f"Whether the agent repeated itself; {_REPLACED}"),
    Column("redundancy_reasoning", TEXT, "evaluation.", "The reason for `redundancy`."),
    Column("pronunciation_score", NUMBER, "evaluation.", f"How well words were pronounced; {_REPLACED}"),
    Column("pronunciation_reasoning", TEXT, "evaluation.", "The reason for `pronunciation_score`."),
)
_CORRECTION = (
    Column("corrected_by", TEXT, "correction.reviewer", "The id of the last reviewer."),
    Column("corrected_at", TIME, "correction.corrected_at", "When this reviewer corrected the answer."),
)
_KEYS = (
    Column("run_id", TEXT, "conversation.", "The id of the run."),
    Column("simulation_id", TEXT, "conversation.", "The id of the run's simulation."),
    Column("conversation_id", TEXT, "conversation.id", "The id of the conversation."),
)
_RUNS = (
    Column("run_id", TEXT, "run.id", "The id of the run."),
    Column("simulation_id", TEXT, "run.", "The id of the run's simulation."),
    Column("created_at", TIME, "run.", "When the run was created."),
    Column("status", TEXT, "run.", "The status of the run."),
    Column("summary", TEXT, "run.", "A summary of the run, as text."),
    Column("total_tests", INTEGER, _COUNTERS, "The service's counter of conversations."),
    Column("tests_passed", INTEGER, _COUNTERS, "The service's counter of passed conversations."),
    Column("tests_failed", INTEGER, _COUNTERS, "The service's counter of failed conversations."),
    Column("tests_completed", INTEGER, _COUNTERS, "The service's counter of completed conversations."),
    Column("tests_incompleted", INTEGER, _COUNTERS, "The service's counter of incomplete conversations."),
    Column("conversations", INTEGER, "", "Number of listed conversations."),
    Column("passed", INTEGER, "", "Number of conversations with the outcome `passed`."),
    Column("failed", INTEGER, "", "Number of conversations with the outcome `failed`."),
    Column("unknown", INTEGER, "", "Number of conversations with the outcome `unknown`."),
    Column("void", INTEGER, "", "Number of conversations with the outcome `void`."),
    Column("missing", INTEGER, "run.missing_count", "Number of conversations that the run doesn't list."),
    Column("pass_rate", NUMBER, "run.", "passed / (passed + failed), in percent."),
    Column(
        "pass_rate_lowest", NUMBER, "run.", "The pass rate if all unknown and missing conversations failed."
    ),
    Column(
        "pass_rate_highest", NUMBER, "run.", "The pass rate if all unknown and missing conversations passed."
    ),
    Column("service_pass_rate", NUMBER, "run.", "tests_passed / total_tests, in percent."),
    Column("latency_unit", TEXT, "run.", _UNIT),
    Column("violations", INTEGER, "", "Number of contract violations."),
    Column("app_url", TEXT, "run.", "URL of the run's page in the app."),
    Column("exported_at", TIME, "", "When the run's export began."),
)
_CONVERSATIONS = (
    Column("run_id", TEXT, "", "The id of the run."),
    Column("simulation_id", TEXT, "", "The id of the run's simulation."),
    Column("conversation_id", TEXT, "id", "The id of the conversation."),
    Column("digital_human_id", TEXT, "result.", "The id of the caller."),
    Column(
        "status",
        TEXT,
        "result.",
        "The status. Known statuses have a uniform spelling, such as NO_ANSWER for `No Answer`.",
    ),
    Column("outcome", TEXT, "result.outcome.value", "`passed`, `failed`, `unknown` or `void`."),
    Column("reason", TEXT, "result.", "The reason for the outcome, in one line."),
    Column("owner", TEXT, "result.", "Who has to act; null if nobody is known."),
    Column(
        "missing_tools", JSON, "", "Expected tools that were certainly not called; null if there are none."
    ),
    Column(
        "unrecorded_tools",
        JSON,
        "",
        "Expected tools without a recorded call; the recording might have been lost.",
    ),
    Column("tool_calls_from", TEXT, "", "`id` if a record was fetched by id, otherwise `list`."),
    Column("violations", INTEGER, "", "Number of contract violations."),
    Column("started_at_utc", TIME, "result.response.start_time", "When the conversation started."),
    Column("ended_at_utc", TIME, "result.response.end_time", "When the conversation ended."),
    Column("duration_s", NUMBER, "seconds", "`ended_at_utc` minus `started_at_utc` (seconds)."),
    Column("duration_received", INTEGER, "result.response.duration", "As received: in ms or in seconds."),
    Column("latency_average_ms", NUMBER, "latency_ms.average", f"Mean {_LATENCY}"),
    Column("latency_p50_ms", NUMBER, "latency_ms.p50", f"50th percentile {_LATENCY}"),
    Column("latency_p90_ms", NUMBER, "latency_ms.p90", f"90th percentile {_LATENCY}"),
    Column("latency_p95_ms", NUMBER, "latency_ms.p95", f"95th percentile {_LATENCY}"),
    Column("latency_p99_ms", NUMBER, "latency_ms.p99", f"99th percentile {_LATENCY}"),
    Column("latency_max_ms", NUMBER, "latency_ms.maximum", f"Maximum {_LATENCY}"),
    Column(
        "evaluation_id", TEXT, "evaluation.id", "The id of the current evaluation, which was created last."
    ),
    Column("evaluated_at", TIME, "evaluation.created_at", "When the current evaluation was made."),
    *_ANSWERS,
    Column("sentiment_label", TEXT, "evaluation.", "The sentiment's label."),
    Column("sentiment_score", NUMBER, "evaluation.", "The sentiment's score; the scale is undocumented."),
    Column("sentiment_scores", JSON, "evaluation.", "The score of each sentiment, by its label."),
    Column("agent_speak_percentage", NUMBER, "evaluation.", "Percentage of the time the agent spoke."),
    Column("num_turns", INTEGER, "evaluation.", "Number of turns."),
    Column("call_summary", TEXT, "evaluation.", "A summary of the conversation, as text."),
    Column("custom_evals", JSON, "evaluation.", "Custom evaluations as received."),
    Column("custom_evals_success_rate", NUMBER, "evaluation.", "As received; scale undocumented."),
    Column(
        "avg_agent_latency", NUMBER, "evaluation.", "Mean response time as received; 0 means not measured."
    ),
    Column(
        "filler_ignored_latency", JSON, "evaluation.", "Response times without filler words, as received."
    ),
    *(
        Column(f"judge_{each.name}", each.type, f"judged.{each.name}", f"The judge's `{each.name}`.")
        for each in _ANSWERS
    ),
    Column("corrections", INTEGER, "", "Number of answers that a reviewer corrected."),
    *_CORRECTION,
    *(
        Column(f"override_{name}_{what}", TEXT, "judged.", f"The reviewer's {what} about the {name}.")
        for name in ("goal", "hallucination", "redundancy", "pronunciation")
        for what in ("reason_code", "notes")
    ),
    Column("agent_latency", JSON, "evaluation.latency", "The agent's response times as received."),
    Column("trace_ids", JSON, "result.response.", "The ids of the conversation's traces: a list."),
    Column("result", JSON, "result.response.", "Free-form details as received."),
    Column("transcript_url", TEXT, "", _LINK),
    Column("audio_url", TEXT, "", _LINK),
)
_METRICS = (
    *_KEYS,
    Column("item_index", INTEGER, "place", "Index of the metric in the evaluation, from 0."),
    Column("name", TEXT, "detail.", "The metric's name. Metrics with the same name can have several types."),
    Column("type", TEXT, "detail.", "Type of the answer, such as `quantitative` or `pass_fail`."),
    Column("number", NUMBER, "detail.", _NUMBER),
    Column("text", TEXT, "detail.", f"The answer as received; {_REPLACED}"),
    Column("reasoning", TEXT, "detail.explanation", "The reason for this answer."),
    Column("judge_text", TEXT, f"{_METRIC}response_value", "The judge's answer, even if it was corrected."),
    Column("judge_reasoning", TEXT, f"{_METRIC}reasoning", "The judge's reason."),
    *_CORRECTION,
    Column("override_reason_code", TEXT, _METRIC, "Why the reviewer corrected the answer, as a code."),
    Column("override_notes", TEXT, _METRIC, "The reviewer's notes on the correction."),
    Column("description", TEXT, _METRIC, "The question to the judge."),
    Column("min_value", NUMBER, _METRIC, "The lowest possible answer."),
    Column("max_value", NUMBER, _METRIC, "The highest possible answer."),
    Column("category", TEXT, _METRIC, "The group of the metric."),
    Column("tags", JSON, _METRIC, "The metric's labels: a list."),
    Column("scoring_guidance", TEXT, _METRIC, "The scoring instructions for the judge."),
    Column("enum_options", JSON, _METRIC, "The possible answers of an `enum` metric: a list."),
)
_TOOL_CALLS = (
    *_KEYS,
    Column("name", TEXT, "", "The name of the tool."),
    Column(
        "side",
        TEXT,
        "",
        "`expected` for a call that the agent should have made, `actual` for a call that it made.",
    ),
    Column("item_index", INTEGER, "place", "Index among the tool's expected or actual calls, from 0."),
    Column("arguments", JSON, "detail.parameters", "The arguments of the call."),
    Column("output", JSON, "detail.", "The output of the tool."),
    Column("offset_ms", INTEGER, "", f"Start of an actual call {_FROM_START}"),
)
_EVENTS = (
    *_KEYS,
    Column("item_index", INTEGER, "place", "Index of the event in the conversation, from 0."),
    Column("title", TEXT, "detail.", "What happened."),
    Column("start_offset_ms", INTEGER, "detail.", f"Start of the event {_FROM_START}"),
    Column("end_offset_ms", INTEGER, "detail.", f"End of the event {_FROM_START}"),
    Column("description", TEXT, "detail.", "A description of the event."),
    Column("tags", JSON, "detail.", "The event's labels: a list."),
    Column("metadata", JSON, "detail.", "Free-form details."),
)
_ERRORS = (
    Column("run_id", TEXT, "", "The id of the run, or the path of an unreadable file."),
    Column("simulation_id", TEXT, "", "The id of the simulation; null if unknown."),
    Column("conversation_id", TEXT, "", "The id of the conversation; null if unknown."),
    Column("type", TEXT, "", _ERROR),
    Column("message", TEXT, "", "What went wrong."),
    Column("path", TEXT, "", "JSON path of a violation; table and column of an unsupported value."),
    Column("status_code", INTEGER, "", "HTTP status of the response; null without a response."),
)
_ALL = (
    Table("runs", "One row per settled run.", _RUNS),
    Table("conversations", "One row per conversation.", _CONVERSATIONS),
    Table("metrics", "One row per custom metric in a current evaluation.", _METRICS),
    Table("tool_calls", "One row per tool call, expected or actual.", _TOOL_CALLS),
    Table("events", "One row per event of a conversation.", _EVENTS),
    Table("errors", "One row per run or value that is missing from the other tables.", _ERRORS),
)
TABLES = MappingProxyType({each.name: each for each in _ALL})
"""The tables by name. `errors` is last because converting the other tables can add rows to it."""
