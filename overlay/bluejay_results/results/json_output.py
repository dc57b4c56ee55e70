"""Writes runs, verdicts and comparisons as JSON: the documents of `--json` and `to_json()`.

Each field of a document is declared once. A small value class, such as `Caller`, becomes an object with the
fields of the class.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs
import msgspec
from attrs import frozen
from bluejay_api.types import OpenEnum

from .._secrets import masked, without_signature
from ..errors import Violation
from ..reading.body import VIEW_FORMAT

VERSION = 2


@frozen
class Field:
    """A field of a JSON object: its name, its meaning, and how its value is read.

    Attributes:
        name: The name in JSON.
        meaning: What the value means.
        path: The names of attributes, joined by dots. After a tuple, the rest of the path applies to each
            item, and 0 is the first item. Empty for the object itself; None for the attribute `name`.
        fields: The fields of the value, or of each item if it is a tuple; empty for a plain value.
    """

    name: str
    meaning: str
    path: str | None = None
    fields: tuple[Field, ...] = ()

    def value(self, content: Any) -> Any:
        """Return the value of the field in the object that `content` becomes."""
        path = self.name if self.path is None else self.path
        for name in path.split(".") if path else ():
            if name == "0":
                content = content[0] if content else None
            elif isinstance(content, tuple):
                content = [getattr(each, name) for each in content]
            else:
                content = getattr(content, name)
        return content


_RUN = "response.simulation_run"
RUN = (
    Field("id", "The id of the run."),
    Field("simulation_id", "The simulation that the run belongs to."),
    Field("app_url", "The URL of the run's page in the app; null if it is unknown."),
    Field("status", "The run's own status."),
    Field("is_settled", "Whether the run is settled."),
    Field("created_at", "When the run was created."),
    Field("summary", "The service's summary."),
    Field("total_tests", "The run's own count of its conversations.", f"{_RUN}.total_tests"),
    Field("tests_passed", "The run's own count of passed conversations.", f"{_RUN}.tests_passed"),
    Field("pass_rate", "passed / (passed + failed), in percent."),
    Field("pass_rate_lowest", "The pass rate if every unknown conversation failed."),
    Field("pass_rate_highest", "The pass rate if every unknown conversation passed."),
    Field("service_pass_rate", "`tests_passed / total_tests`, in percent."),
    Field("outcomes", "The number of conversations for each outcome."),
    Field("missing", "The number of conversations that are counted, but not listed.", "missing_count"),
    Field("awaited", "The number of conversations whose verdict or calls may still arrive.", "awaited_count"),
    Field("latency_unit", "The unit of the run's latencies; null if the latencies don't show it."),
    Field("violation", "The first value that breaks the contract; null if there is none.", "violations.0"),
    Field("notes", "What to know before trusting the numbers."),
)
RESULT = (
    Field("id", "The id of the result."),
    Field("digital_human_id", "The caller; null if the conversation names none."),
    Field("status", "A known status in one spelling, or another status as received; null if it is null."),
    Field("outcome", "The outcome."),
    Field("reason", "Why the conversation has this outcome."),
    Field("owner", "Who has to act; null if that is not known."),
    Field("start_time", "When it started.", "response.start_time"),
    Field("duration_seconds", "The end minus the start; null if either is unknown.", "duration"),
    Field("latency", "The latencies as received, with their unit."),
    Field("latency_ms", "The latencies in milliseconds; null if the unit isn't known."),
    Field("expected_tools", "The tools that the agent should call."),
    Field("actual_tools", "The tools that the agent called."),
    Field("missing_tools", "The tools that the agent should have called but didn't."),
    Field("summary", "The service's summary."),
    Field("answers", "The answers that count, then the verdicts of the other evaluations.", "all_answers"),
    Field("tool_calls", "The expected and the actual calls of each tool, as received."),
    Field("events", "The events, as received."),
    Field("transcript_url", "The URL of the transcript, without its signature.", "response.transcript_url"),
    Field("audio_url", "The URL of the audio, without its signature.", "response.audio_url"),
    Field("is_incomplete", "Whether a verdict or tool calls may be missing from the run's list."),
)
_CONTENT = (
    Field("callers", "How the conversations of each caller ended.", "run.callers"),
    Field("figures", "The figures of the run.", "run.figures"),
    Field("results", "The conversations, oldest first.", "run.results", RESULT),
)
_NOT_PASSED = "The ids of the conversations that did not pass, the worst first."
_WHOLE_RUN = (
    Field("run", "The run.", "", RUN),
    *(attrs.evolve(each, path=each.name) for each in _CONTENT),
    Field("not_passed", _NOT_PASSED, "not_passed.id"),
)
_LISTED_RUN = (
    *(attrs.evolve(each, path=None) for each in RUN if each.name in {"id", "simulation_id", "created_at"}),
    Field("status", "The run's own status."),
    Field("has_ended", "Whether the status is final."),
    Field("total_tests", "The run's own count of its conversations.", "total"),
    Field("tests_passed", "The run's own count of passed conversations.", "passed"),
    Field("service_pass_rate", "`tests_passed / total_tests`, in percent."),
    Field("summary", "The service's summary."),
    Field("app_url", "The URL of the run's page in the app; null if it is unknown."),
)
_RUNS = (
    Field("simulation_id", "The id of the requested simulation; null for a saved body.", "requested_id"),
    Field("runs", "The runs, newest first.", None, _LISTED_RUN),
    Field("notes", "What to know before trusting the list."),
)
_QUEUED = (
    Field("run_id", "The id of the run."),
    Field("simulation_id", "The id of the simulation."),
    Field("agent_id", "The id of the agent under test."),
    Field("result_ids", "The ids of the run's conversations."),
    Field("app_url", "The URL of the run's page in the app."),
)
_GATE = (
    Field("cause", "The cause of the decision."),
    Field("decision", "Ship, don't ship or inconclusive."),
    Field("exit_code", "The exit code of `gate`."),
    Field("pass_rate", "The pass rate, with its bounds and its interval."),
    Field("measurement", "The conditions that make the run a measurement; empty if the run was not judged."),
    Field("rules", "The results of the rules; empty if the run was not judged."),
    Field("run", "The run.", None, RUN),
    *_CONTENT,
    Field(
        "not_passed", f"{_NOT_PASSED} If a decision is open, those that decide come first.", "not_passed.id"
    ),
)
_COMPARISON = (
    Field("base", "The base run.", None, RUN),
    Field("run", "The new run.", None, RUN),
    Field("cause", "The cause of the verdict."),
    Field("unmet", "The conditions of a measurement that a run doesn't meet, by the id of the run."),
    Field("pairs", "The callers in both runs; those that got worse come first."),
    Field("left_out", "The callers that are in one run only; null for each caller without an id."),
    Field("if_failed", "The change with every unknown conversation counted as failed."),
    Field("if_passed", "The change with every unknown conversation counted as passed."),
    Field("deltas", "How the figures changed."),
    Field("unknown", "The ids of the compared callers' unknown conversations; the new run's come first."),
    Field("change", "Worse, better or can't tell."),
    Field("exit_code", "The exit code of `compare --fail-if-worse`."),
    Field("notes", "What to know before trusting the comparison, besides the notes of the runs."),
)
DOCUMENTS = {
    VIEW_FORMAT: _WHOLE_RUN,
    "bluejay-results/result": RESULT,
    "bluejay-results/runs": _RUNS,
    "bluejay-results/queued": _QUEUED,
    "bluejay-results/gate": _GATE,
    "bluejay-results/comparison": _COMPARISON,
}
"""The fields of each document, by its `format`."""


def document(name: str, content: object) -> bytes:
    """Return a document as JSON in ASCII, without terminal commands; keys and signatures are masked."""
    values = {"format": name, "version": VERSION} | _object(content, DOCUMENTS[name])
    # msgspec indents the JSON, because json.dumps would take ten times as long.
    text = msgspec.json.format(json.dumps(values), indent=2)
    # In a log, GitHub and Azure read `##[` or `##vso[` as a command anywhere in a line.
    return text.replace("##", "#\\u0023").encode() + b"\n"


def _object(value: object, fields: tuple[Field, ...]) -> dict[str, Any]:
    found = {}
    for each in fields:
        inner = each.value(value)
        if not each.fields:
            found[each.name] = _field(each.name, inner)
        elif isinstance(inner, Sequence):
            found[each.name] = [_object(item, each.fields) for item in inner]
        else:
            found[each.name] = _object(inner, each.fields)
    return found


def _values(value: Any) -> Any:
    """Convert a value to a value that JSON can represent."""
    if isinstance(value, StrEnum) and not isinstance(value, OpenEnum) and " " in value:
        return value.name.lower()  # the values of our own enums are texts for people, so JSON gets the name
    if isinstance(value, str):
        # An argument of the command may contain half of a surrogate pair, which JSON can't represent.
        return masked(value).encode(errors="backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_values(key): _values(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_values(each) for each in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, Violation):
        return _values({"path": value.path, "message": value.message})
    if attrs.has(type(value)):
        return {each.name: _field(each.name, getattr(value, each.name)) for each in attrs.fields(type(value))}
    return value


def _field(name: str, value: Any) -> Any:
    return _values(without_signature(value) if name.endswith("_url") else value)
