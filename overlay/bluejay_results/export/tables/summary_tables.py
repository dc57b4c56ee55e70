"""The tables with one row per run and one row per conversation."""

from __future__ import annotations

from ...results.outcome import Outcome
from .column import BOOLEAN, INTEGER, JSON, NUMBER, TEXT, TIME, Column, Kind, Table
from .row import ConversationRow, Source, conversations, runs, text


def _received(name: str, kind: Kind, meaning: str) -> Column[Source]:
    """Return a column with a field of the run as received."""
    field = f"SimulationRunResultResponse.{name}"
    return Column(name, kind, meaning, lambda r: getattr(r.run.response.simulation_run, name), field)


def _count(outcome: Outcome) -> Column[Source]:
    meaning = f"Number of conversations with the outcome `{outcome}`."
    return Column(outcome.name.lower(), INTEGER, meaning, lambda r: len(r.run.results_by_outcome[outcome]))


RUNS = Table(
    "runs",
    "One row per run.",
    (
        Column("run_id", TEXT, "The id of the run.", lambda r: r.run.id, "SimulationRunResultResponse.id"),
        _received("simulation_id", TEXT, "The id of the run's simulation."),
        Column("run_settled", BOOLEAN, "Whether the run was settled.", lambda r: r.is_settled),
        Column(
            "tool_calls_from",
            TEXT,
            "Where the records of the conversations came from: `list`, `id` (all fetched by id) or `both`.",
            lambda r: r.tool_calls_from,
        ),
        _received("created_at", TIME, "When the run was created."),
        Column(
            "status",
            TEXT,
            "The status of the run.",
            lambda r: text(r.run.status),
            "SimulationRunResultResponse.status",
        ),
        _received("summary", TEXT, "A summary of the run, as text."),
        _received("total_tests", INTEGER, "The run's own counter of all conversations."),
        _received("tests_passed", INTEGER, "The run's own counter of conversations that passed."),
        _received("tests_failed", INTEGER, "The run's own counter of conversations that failed."),
        _received("tests_completed", INTEGER, "The run's own counter of conversations that were completed."),
        _received(
            "tests_incompleted", INTEGER, "The run's own counter of conversations that were not completed."
        ),
        Column("conversations", INTEGER, "Number of listed conversations.", lambda r: len(r.conversations)),
        *map(_count, Outcome),
        Column(
            "missing",
            INTEGER,
            "Number of conversations that were counted or queued but aren't listed; they are in no table.",
            lambda r: r.run.missing_count,
        ),
        Column(
            "incomplete",
            INTEGER,
            "Number of conversations whose verdict or tool calls may be missing.",
            lambda r: len(r.incomplete),
        ),
        Column(
            "pass_rate", NUMBER, "tests_passed divided by total_tests, 0 to 1.", lambda r: r.run.pass_rate
        ),
        Column(
            "judged_pass_rate",
            NUMBER,
            "Share of judged (passed or failed) conversations that passed, 0 to 1.",
            lambda r: r.run.judged_pass_rate,
        ),
        Column(
            "latency_unit",
            TEXT,
            "Unit of the run's latencies, `ms` or `s`, inferred from their size; null if unclear.",
            lambda r: text(r.run.latency_unit),
        ),
        Column(
            "notes",
            JSON,
            "Notes to read before trusting the numbers: a list.",
            lambda r: [str(each) for each in r.run.notes],
        ),
        Column(
            "violations", INTEGER, "Number of violations of the contract.", lambda r: len(r.run.violations)
        ),
        Column("app_url", TEXT, "URL of the run's page in the app.", lambda r: r.app_url),
    ),
    runs,
)


def _result(name: str, kind: Kind, meaning: str, field: str = "") -> Column[ConversationRow]:
    """Return a column with a field of the conversation as received."""
    field = field or name
    full = f"SimulationResultResponse.{field}"
    return Column(name, kind, meaning, lambda r: getattr(r.result.response, field), full)


def _judged(name: str, kind: Kind, field: str = "") -> Column[ConversationRow]:
    """Return a column with a field of the current evaluation."""
    field = field or name
    return Column(
        name, kind, f"`{field}` of the current evaluation.", lambda r: getattr(r.evaluation, field, None)
    )


def _latency(name: str, figure: str, meaning: str) -> Column[ConversationRow]:
    meaning = (
        f"{meaning} of the agent's answer times (milliseconds); null if not measured or the unit is unknown."
    )
    return Column(f"latency_{name}_ms", NUMBER, meaning, lambda r: getattr(r.latency, figure))


def _link(name: str) -> Column[ConversationRow]:
    return Column(
        name,
        TEXT,
        "A signed URL, which is a secret while it is valid; null unless links are requested.",
        lambda r: getattr(r.result.response, name) if r.source.with_links else None,
        f"SimulationResultResponse.{name}",
    )


CONVERSATIONS = Table(
    "conversations",
    "One row per conversation.",
    (
        Column("run_id", TEXT, "The id of the run.", lambda r: r.source.run.id),
        Column(
            "simulation_id", TEXT, "The id of the run's simulation.", lambda r: r.source.run.simulation_id
        ),
        Column("run_created_at", TIME, "When the run was created.", lambda r: r.source.run.created_at),
        Column("run_status", TEXT, "The status of the run.", lambda r: text(r.source.run.status)),
        Column("run_settled", BOOLEAN, "Whether the run was settled.", lambda r: r.source.is_settled),
        Column(
            "tool_calls_from",
            TEXT,
            "Where the conversation's record and tool calls came from: `list` or `id` (fetched by id).",
            lambda r: r.tool_calls_from,
        ),
        Column(
            "conversation_id",
            TEXT,
            "The id of the conversation.",
            lambda r: r.id,
            "SimulationResultResponse.id",
        ),
        Column(
            "digital_human_id",
            TEXT,
            "The id of the caller.",
            lambda r: text(r.result.digital_human_id),
            "SimulationResultResponse.digital_human_id",
        ),
        Column(
            "status",
            TEXT,
            "The conversation's status in a uniform spelling: `No Answer` becomes NO_ANSWER.",
            lambda r: r.result.status,
            "SimulationResultResponse.status",
        ),
        Column(
            "outcome",
            TEXT,
            "`passed`, `failed`, `unknown`, `void` or `under way`.",
            lambda r: r.result.outcome.value,
        ),
        Column("reason", TEXT, "The reason for the outcome, in one line.", lambda r: str(r.result.reason)),
        Column("owner", TEXT, "Who has to act; null if nobody is known.", lambda r: text(r.result.owner)),
        _judged("goal_success", BOOLEAN),
        _result("start", TIME, "When the conversation started.", "start_time"),
        _result("end", TIME, "When the conversation ended.", "end_time"),
        Column("duration_s", NUMBER, "`end` minus `start` (seconds).", lambda r: r.seconds),
        _result(
            "duration_received", INTEGER, "The duration as received, in milliseconds or seconds.", "duration"
        ),
        _latency("average", "average", "Mean"),
        *(_latency(name, name, f"{name[1:]}th percentile") for name in ("p50", "p90", "p95", "p99")),
        _latency("max", "maximum", "Maximum"),
        Column(
            "latency_unit_known",
            BOOLEAN,
            "Whether the unit of the run's latencies is known.",
            lambda r: r.source.run.latency_unit is not None,
        ),
        _judged("hallucination", BOOLEAN),
        _judged("redundancy", BOOLEAN),
        _judged("turns", INTEGER, "num_turns"),
        _judged("sentiment", TEXT, "sentiment_label"),
        Column(
            "missing_tools",
            JSON,
            "Names of the expected tools that were not called: a list.",
            lambda r: r.result.missing_tools,
        ),
        Column(
            "incomplete",
            BOOLEAN,
            "Whether a verdict or tool calls may be missing from the record.",
            lambda r: r.result.id in r.source.incomplete,
        ),
        Column(
            "violations",
            INTEGER,
            "Number of violations of the contract in the conversation; `errors` lists the violations.",
            lambda r: len(r.result.violations),
        ),
        _result("result", JSON, "The field `result` as received; free-form."),
        _result("latency_received", JSON, "The field `latency` as received; free-form.", "latency"),
        _result(
            "custom_metrics_received",
            JSON,
            "The deprecated field `custom_metrics` as received; use the table `metrics` instead.",
            "custom_metrics",
        ),
        _link("transcript_url"),
        _link("audio_url"),
        Column("app_url", TEXT, "URL of the run's page in the app.", lambda r: r.source.app_url),
    ),
    conversations,
)
