"""Every public property of every object that the library returns, found by introspection."""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import attrs
from bluejay_results import SimulationResult, SimulationRun, SimulationRuns
from bluejay_results.recording.exchange import Exchange, Resource
from bluejay_results.results.metrics import metrics
from bluejay_results.results.notes import notes
from bluejay_results.results.page import read_record
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.result import result_alone
from bluejay_results.webhooks import parse

from . import runs
from .decoding import BODIES
from .layout import Case, laid_out

NOT_SHOWN = {"parts", "records", "raw", "body", "exchange", "responses", "as_judged", "response"}
"""What other texts show: received bytes, and the models made from them."""
FUNCTIONS: dict[type, Callable[[Any], object]] = {SimulationResult: metrics, SimulationRuns: notes}
"""Functions whose results are shown as if they were properties."""
SHOWN_WHOLE = re.compile(r"result|run\.results\[\d+\]")
"""The paths at which a conversation is shown with all its properties."""


def properties() -> Iterator[str]:
    """Yield each property of each object, and its value."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    for each in runs.all_runs()[1:]:  # the first one is like the second
        found = SimulationRun.from_bytes(json.dumps(each).encode(), on_violation="collect")
        yield f"run {found.id}", _told(found, "run")
    record = Exchange(body=json.dumps(runs.fetched()).encode())
    yield "result", _told(result_alone(read_record(record)), "result")
    yield "runs", _told(SimulationRuns.from_bytes(json.dumps(runs.listing()).encode()), "runs")
    queued = Exchange(resource=Resource("queue", "731"), body=json.dumps(runs.QUEUED).encode())
    yield "queued", _told(QueuedRun.received(queued), "queued")
    for name, (document, _) in BODIES.items():
        if "type" in document:
            yield f"event {name}", _told(parse(json.dumps(document).encode(), delivery_id="d-1"), "event")


def _told(value: Any, path: str) -> Iterator[str]:
    """Yield the values of an object's properties, of those of the objects in them, and so on."""
    module = type(value).__module__
    if isinstance(value, SimulationResult) and not SHOWN_WHOLE.fullmatch(path):
        yield f"{path} = {value!r}"
    elif module.startswith("bluejay_results") and not isinstance(value, str):
        text = "" if str(value) == repr(value) else f" {value}"
        yield f"{path} = {value!r}{text}"
        shown = {name: getattr(value, name) for name in {*_public(value)} - _in_repr(value)}
        if function := FUNCTIONS.get(type(value)):
            shown[function.__name__] = function(value)
        for name, each in sorted(shown.items(), key=itemgetter(0)):
            yield from _told(each, f"{path}.{name}")
        for number, each in enumerate(value if isinstance(value, Sequence) else ()):
            yield from _told(each, f"{path}[{number}]")
    elif module.startswith("bluejay_api") and not isinstance(value, str):
        yield f"{path} = {value if path.endswith('effective_evaluation') else type(value).__name__}"
    elif isinstance(value, tuple) and value:
        for number, each in enumerate(value):
            yield from _told(each, f"{path}[{number}]")
    elif isinstance(value, dict):
        yield f"{path} = { {f'{key}': each for key, each in value.items()} }"
    else:
        yield f"{path} = {value}"


def _public(value: Any) -> Iterator[str]:
    for name in dir(value):
        is_method = inspect.isroutine(inspect.getattr_static(value, name, None))
        if not name.startswith("_") and not is_method and name not in NOT_SHOWN:
            yield name


def _in_repr(value: Any) -> set[str]:
    """Return the names of the attributes that an object's repr shows."""
    listed = attrs.fields(type(value)) if attrs.has(type(value)) else ()
    return {each.name for each in listed if each.repr} if "(" in repr(value) else set()
