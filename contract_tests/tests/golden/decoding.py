"""Every field of every response and event with each kind of JSON value: what is read, and what is refused."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import yaml
from bluejay_results import (
    BluejayError,
    ContractViolationError,
    SimulationRun,
    SimulationRuns,
    Violation,
    Why,
)
from bluejay_results.recording.exchange import Exchange
from bluejay_results.results.page import read_record
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.responses import OnViolation
from bluejay_results.webhooks import parse

from .distinct import Distinct, Document
from .layout import Case, laid_out

Read = Callable[[bytes, OnViolation], Any]
Keys = tuple[str | int, ...]
MADE = Distinct("decoding")
ABSENT = "absent"
KINDS = (
    *(ABSENT, "null", "true", "7", "7.0", "7.5", "1e400", '""', '"7"', '"2026-11-19T16:04:10Z"'),
    *("[]", "{}", "[null]", r'"\ud83d"'),
)
EDGES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
"""More values of single fields, at the limits of their types."""


def _event(kind: str) -> Document:
    return MADE(kind.title().replace("_", ""), type=kind)


def _parsed(data: bytes, mode: OnViolation) -> Any:
    return parse(data, on_violation=mode)


def _run() -> Document:
    document = MADE("SimulationResultsResponse", status="200")
    document["simulation_run"] |= {
        "id": "48213",
        "simulation_id": "731",
        "status": "COMPLETED",
        "total_tests": 1,
    }
    first = document["simulation_results"][0]
    for each in first["evaluations"]:
        each |= {name: None for name in each if name.startswith("human_")} | {"goal_success": True}
    first["evaluations"][1] |= {"created_at": "2026-12-19T08:00:00Z"}
    return document | {"simulation_results": [first | {"status": "COMPLETED"}]}


BODIES: dict[str, tuple[Document, Read]] = {
    "run": (_run(), lambda data, mode: SimulationRun.from_bytes(data, on_violation=mode)),
    "result": (
        MADE("SingleSimulationResultResponse"),
        lambda data, mode: read_record(Exchange(body=data), mode),
    ),
    "runs": (
        MADE("GetSimulationRunsResponse"),
        lambda data, mode: SimulationRuns.from_bytes(data, on_violation=mode),
    ),
    "queued": (
        MADE("SimulationRunResponse"),
        lambda data, _: QueuedRun.received(Exchange(body=data)),
    ),
    **{
        kind: (_event(kind), _parsed)
        for kind in (
            *("simulation_result_evaluated", "simulation_ended", "outbound_simulation_started"),
            "observability_call_evaluated",
        )
    },
    "another event": ({"type": "never_documented", "simulation_run_id": 7}, _parsed),
}
"""A valid document of each kind, and what reads it."""


def decoding() -> Iterator[str]:
    """Yield each field with each kind of value: what is read, the violations, and the valid parts."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    for name, (document, read) in BODIES.items():
        for path in _paths(document):
            if name == "result" and len(path) > 2:
                continue  # the same as in a run
            named = ".".join(map(str, path))
            values = (*KINDS, *EDGES.get(named, ()))
            absent, filled = _without(document, path), _without(document, path, filled=True)
            bodies = ((each, absent if each == ABSENT else filled % each.encode()) for each in values)
            yield f"{name} {named}", [f"{_short(each)} => {_told(read, body, path)}" for each, body in bodies]


def _paths(document: Any) -> Iterator[Keys]:
    """Yield the path of each field; of a list, only the first item has paths."""
    items = document.items() if isinstance(document, dict) else enumerate(document[:1])
    for key, each in items:
        yield (key,)
        if isinstance(each, dict | list):
            yield from ((key, *rest) for rest in _paths(each))


def _without(document: Document, path: Keys, *, filled: bool = False) -> bytes:
    """Return the body without the value at a path, or with a place to fill."""
    changed = copy.deepcopy(document)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = "@"
    if not filled:
        del parent[path[-1]]
    return json.dumps(changed).replace("%", "%%" if filled else "%").replace('"@"', "%s").encode()


def _told(read: Read, body: bytes, path: Keys) -> str:
    strict, collected = (_attempt(read, body, mode, path) for mode in ("raise", "collect"))
    return strict if strict == collected else f"{strict}; collected {collected}"


def _attempt(read: Read, body: bytes, mode: OnViolation, path: Keys) -> str:
    try:
        found = read(body, mode)
    except ContractViolationError as error:
        return " and ".join(_located(each, path) for each in error.violations)
    except BluejayError as error:
        return f"{type(error).__name__}: {error}"
    notes = [_located(each, path) for each in getattr(found, "violations", ())]
    notes += [_consequence(found)] if notes and isinstance(found, SimulationRun) else []
    return ", ".join([_short(repr(_value(found, path))), *notes[1:]])


def _located(violation: Violation, path: Keys) -> str:
    """Return a violation's message, with its path if it isn't the path of the changed field."""
    here = "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return violation.message if violation.path == here else f"{violation.path}: {violation.message}"


def _consequence(run: SimulationRun) -> str:
    first = next(iter(run.results), None)
    hidden = f"hidden by {first.reason.path}" if first and first.reason.why is Why.FIELD_HIDDEN else ""
    return f"{first and first.outcome.value} {hidden}{'' if run.is_settled else ', not settled'}"


def _value(found: Any, path: Keys) -> Any:
    """Return the value at a path, or what is left of the list that it was in."""
    value: Any = getattr(found, "response", getattr(found, "data", None)) or found
    for key in path[1:] if path[0] == "simulation_result" else path:
        if isinstance(value, dict | list):
            if not value or (isinstance(value, dict) and key not in value):
                return value
            value = value[key]  # type: ignore[index] # a list has numbers, and an object has names
        else:
            value = getattr(value, str(key), "not kept")
    is_model = isinstance(value, list) and value and attrs.has(type(value[0]))
    return [type(each).__name__ for each in value] if is_model else value


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:80]}… of {len(text)}"
