"""Writes views as JSON: the documents of `--json`. docs/reference/json.md describes the view of a run."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import attrs
import msgspec
from bluejay_api.types import OpenEnum

from .._secrets import without_signature
from ..errors import Violation
from ..reading.body import VIEW_FORMAT
from ..results.notes import Note
from ..results.queued import QueuedRun
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun
from .run_view import ConversationView, RunView
from .safe_text import masked

VERSION = 2


def view(run: SimulationRun) -> bytes:
    """Return the view of a run as JSON."""
    return document(VIEW_FORMAT, RunView.of(run))


def result_view(result: ConversationView) -> bytes:
    """Return the view of a conversation as JSON."""
    return document("bluejay-results/result", result)


def queued_view(queued: QueuedRun) -> bytes:
    """Return the view of a queued run as JSON."""
    names = ("run_id", "simulation_id", "agent_id", "result_ids", "app_url")
    return document("bluejay-results/queued", {name: getattr(queued, name) for name in names})


def runs_view(simulation_id: str | None, runs: Iterable[ListedRun], notes: Iterable[Note]) -> bytes:
    """Return the view of a simulation's runs as JSON."""
    listed = [_listed_run(each) for each in runs]
    fields = {"simulation_id": simulation_id, "runs": listed, "notes": [*notes]}
    return document("bluejay-results/runs", fields)


def document(name: str, content: Any) -> bytes:
    """Return a view as JSON in ASCII, which contains no terminal commands; keys and signatures are masked."""
    values = {"format": name, "version": VERSION} | _values(content)
    # msgspec indents the JSON, because json.dumps would take ten times as long.
    text = msgspec.json.format(json.dumps(values), indent=2)
    # In a log, GitHub and Azure read `##[` or `##vso[` as a command anywhere in a line.
    return text.replace("##", "#\\u0023").encode() + b"\n"


def _listed_run(run: ListedRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "simulation_id": run.simulation_id,
        "created_at": run.created_at,
        "status": run.status,
        "has_ended": run.has_ended,
        "total_tests": run.total,
        "tests_passed": run.passed,
        "service_pass_rate": run.service_pass_rate,
        "summary": run.summary,
        "app_url": run.app_url,
    }


def _values(value: Any) -> Any:
    """Convert a value of a view to a value that JSON can represent."""
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
    if isinstance(value, Violation):
        return _values({"path": value.path, "message": value.message})
    if attrs.has(type(value)):
        return {each.name: _field(value, each.name) for each in attrs.fields(type(value))}
    return value


def _field(value: Any, name: str) -> Any:
    found = getattr(value, name)
    return _values(without_signature(found) if name.endswith("_url") else found)
