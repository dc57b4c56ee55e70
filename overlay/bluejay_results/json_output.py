"""Serializes runs, verdicts and comparisons as JSON.

Each field of a document is declared once. A small value class, such as `Caller`, becomes an object with the
same fields.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import attrs
import msgspec
from attrs import frozen
from bluejay_api.types import OpenEnum

from ._secrets import masked, without_signature
from .compare.comparison import Comparison
from .errors import Violation
from .gate.verdict import Verdict
from .results.notes import Note, notes
from .results.queued import QueuedRun
from .results.result import SimulationResult
from .results.run import SimulationRun
from .results.run_figures import figures
from .results.simulation_runs import ListedRun, SimulationRuns

VERSION = 2


@frozen
class Field:
    """A field in a JSON object.

    Attributes:
        name: The JSON name.
        path: Attribute names, joined by dots. After a tuple, the rest of the path applies to each item, and 0
            is the first item. If the path is empty, the value is the object itself. A function returns the
            value.
        fields: The fields of the value, or of each item in a tuple; empty for a plain value.
    """

    name: str
    path: str | Callable[[Any], Any]
    fields: tuple[Field, ...] = ()

    def value(self, content: Any) -> Any:
        """Return the field's value in the object for `content`."""
        if callable(self.path):
            return self.path(content)
        for name in self.path.split(".") if self.path else ():
            if name == "0":
                content = content[0] if content else None
            elif isinstance(content, tuple):
                content = [getattr(each, name) for each in content]
            else:
                content = getattr(content, name)
        return content


def _fields(names: str, **paths: str | Callable[[Any], Any]) -> tuple[Field, ...]:
    """Return a field for each attribute name, and for each name with its path."""
    return tuple(Field(*each) for each in (*((name, name) for name in names.split()), *paths.items()))


def _notes_of_list(shown: SimpleNamespace) -> tuple[Note, ...]:
    """Notes to read before trusting the list; they quote received text."""
    return notes(shown.listing)


_RATES = "pass_rate pass_rate_lowest pass_rate_highest service_pass_rate"
RUN = _fields(
    f"id simulation_id app_url status is_settled created_at summary {_RATES} outcomes latency_unit",
    notes=notes,
    total_tests="response.simulation_run.total_tests",
    tests_passed="response.simulation_run.tests_passed",
    missing="missing_count",
    awaited="awaited_count",
    violation="violations.0",
)
RESULT = _fields(
    "id digital_human_id status outcome reason owner latency latency_ms expected_tools actual_tools "
    "missing_tools summary tool_calls events is_incomplete",
    start_time="response.start_time",
    duration_seconds="duration",
    answers="all_answers",
    transcript_url="response.transcript_url",
    audio_url="response.audio_url",
)
LISTED_RUN = _fields(
    "id simulation_id created_at status has_ended service_pass_rate summary app_url",
    total_tests="total",
    tests_passed="passed",
)
_COMPARISON = "change cause if_failed if_passed pairs deltas left_out left_out_without_id unknown unmet notes"
FINDING = _fields(
    "verdict subject limit lowest highest sample total obstacle details conversations figure",
    rule="rule.name",
    text="rule.text",
)
FAILURE = _fields("decision exit_code message", run_id="run.id", simulation_id="run.simulation_id")
RUN_VERDICT = (
    *_fields("decision exit_code cause pass_rate measurement", not_passed="not_passed.id"),
    Field("findings", "findings", (*FINDING, Field("comparison", "comparison", _fields(_COMPARISON)))),
    Field("run", "run", RUN),
    *_fields("", callers="run.callers", figures="figures"),
    Field("results", "run.results", RESULT),
)
DOCUMENTS = {
    "bluejay-results/run": (
        Field("run", "", RUN),
        *_fields("callers", figures=figures, not_passed="not_passed.id"),
        Field("results", "results", RESULT),
    ),
    "bluejay-results/result": RESULT,
    "bluejay-results/runs": (
        Field("simulation_id", "requested_id"),
        Field("runs", "runs", LISTED_RUN),
        Field("notes", _notes_of_list),
    ),
    "bluejay-results/queued": _fields("run_id simulation_id agent_id result_ids app_url"),
    "bluejay-results/gate": (
        *_fields("decision exit_code rules_file"),
        Field("findings", "findings", FINDING),
        Field("runs", "runs", RUN_VERDICT),
        Field("failures", "failures", FAILURE),
    ),
    "bluejay-results/comparison": (
        *_fields(_COMPARISON),
        Field("base", "base", RUN),
        Field("run", "run", RUN),
    ),
}
"""The fields of each document, by `format`."""


_FORMATS: dict[type, str] = {
    SimulationRun: "bluejay-results/run",
    SimulationResult: "bluejay-results/result",
    QueuedRun: "bluejay-results/queued",
    Verdict: "bluejay-results/gate",
    Comparison: "bluejay-results/comparison",
}


def to_json(content: SimulationRun | SimulationResult | QueuedRun | Verdict | Comparison) -> bytes:
    """Return a run, a conversation, a queued run, a verdict or a comparison as ASCII JSON.

    It contains no terminal commands, and keys and signatures are masked.
    """
    return _document(next(name for of, name in _FORMATS.items() if isinstance(content, of)), content)


def runs_to_json(runs: SimulationRuns, shown: Iterable[ListedRun] | None = None) -> bytes:
    """Return a simulation's list of runs as JSON, as `to_json` does.

    Args:
        runs: The list.
        shown: The runs to write. Default: all runs.
    """
    listed = tuple(runs if shown is None else shown)
    content = SimpleNamespace(requested_id=runs.requested_id, runs=listed, listing=runs)
    return _document("bluejay-results/runs", content)


def _document(name: str, content: object) -> bytes:
    values = {"format": name, "version": VERSION} | _object(content, DOCUMENTS[name])
    # msgspec indents the JSON because json.dumps would take ten times as long.
    text = msgspec.json.format(json.dumps(values), indent=2)
    # GitHub and Azure run `##[` or `##vso[` as a command anywhere in a log line.
    return text.replace("##", "#\\u0023").encode() + b"\n"


def _object(value: object, fields: tuple[Field, ...]) -> dict[str, Any]:
    found = {}
    for each in fields:
        inner = each.value(value)
        if inner is None or not each.fields:
            found[each.name] = _field(each.name, inner)
        elif isinstance(inner, tuple):
            found[each.name] = [_object(item, each.fields) for item in inner]
        else:
            found[each.name] = _object(inner, each.fields)
    return found


def _values(value: Any) -> Any:
    if value is None or isinstance(value, int | float):  # first, because most values are like this
        return value
    if isinstance(value, StrEnum) and not isinstance(value, OpenEnum) and " " in value:
        return value.name.lower()  # our own enums' values are meant for people, so JSON gets the name
    if isinstance(value, str):
        # An id passed by a user can contain a lone surrogate, which JSON can't represent.
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
