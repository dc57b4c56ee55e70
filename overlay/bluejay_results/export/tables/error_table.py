"""The table `errors`: everything that the other tables lack."""

from __future__ import annotations

from typing import NamedTuple

from .column import BOOLEAN, INTEGER, TEXT, Column, Table


class ErrorRow(NamedTuple):
    """One run that failed, or one value that the other tables lack."""

    run_id: str
    simulation_id: str | None
    is_settled: bool | None
    type: str
    message: str
    path: str | None = None
    conversation_id: str | None = None
    status_code: int | None = None


ERRORS = Table[ErrorRow](
    "errors",
    "One row per run that failed, and one row per value that the other tables lack.",
    (
        Column("run_id", TEXT, "The id of the run, or the path of an unreadable file.", lambda r: r.run_id),
        Column(
            "simulation_id", TEXT, "The id of the simulation; null if unknown.", lambda r: r.simulation_id
        ),
        Column(
            "run_settled",
            BOOLEAN,
            "Whether the run was settled; null if the run couldn't be exported.",
            lambda r: r.is_settled,
        ),
        Column("tool_calls_from", TEXT, "Always null: an error has no tool calls.", lambda _r: None),
        Column(
            "conversation_id",
            TEXT,
            "The id of the conversation; null if the error is not about one conversation.",
            lambda r: r.conversation_id,
        ),
        Column(
            "type",
            TEXT,
            "`Violation`, `UnsupportedValue` (a value that doesn't fit its column), or the error's class.",
            lambda r: r.type,
        ),
        Column("message", TEXT, "What went wrong.", lambda r: r.message),
        Column(
            "path",
            TEXT,
            "JSON path of the missing value; for an `UnsupportedValue`, its table and column.",
            lambda r: r.path,
        ),
        Column(
            "status_code",
            INTEGER,
            "HTTP status of the response; null without a response.",
            lambda r: r.status_code,
        ),
    ),
    lambda _source: iter(()),
)
