"""Responses from a service that echoes the key in every field, header and error, spelled in many ways."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from typing import Any

from bluejay_contract.stub import SCENARIOS, Answer
from bluejay_results import BluejayError, SimulationRun, SimulationRuns
from bluejay_results._secrets import MASK
from bluejay_results.gate import Cause, gate

from .canary import KEY, SIGNED_URL
from .spellings import SPELLINGS

HEADERS = {"content-type": "application/json"} | dict.fromkeys(("x-request-id", "x-echo", "set-cookie"), KEY)
_PLACE = "KEY"
_SAID = f"{_PLACE} at URL"


def echo(document: Any, status: int = 200) -> Answer:
    """Return a response with a document in which each `KEY` is the key, spelled differently each time.

    Each `URL` is a signed URL.
    """
    spellings = cycle(SPELLINGS.values())
    first, *others = json.dumps(document).replace("URL", SIGNED_URL).split(_PLACE)
    body = first + "".join(next(spellings) + each for each in others)
    return Answer(body.encode(), status, HEADERS)


@cache
def echoing_run(run_id: str, *, is_settled: bool) -> Any:
    """Return a valid run with the key and a signed URL in new fields, and in each text where they are valid.

    In the texts, they are at different distances from the start, so that some are truncated within the key.

    Unless the run must be settled and a valid measurement, its statuses also contain the key.
    """

    def accepts(document: Any) -> bool:
        run = SimulationRun.from_bytes(json.dumps(document).encode())
        is_measured = run.is_settled and gate(run).runs[0].cause is Cause.BROKEN
        return run.id == run_id and (is_measured or not is_settled)

    document = json.loads(SCENARIOS["settled"].bodies[-1])
    document["simulation_run"]["id"] = run_id
    document["simulation_results"] = document["simulation_results"][:5]
    document["simulation_run"] |= {"total_tests": 5, "tests_passed": None, "tests_failed": None}
    for result in document["simulation_results"]:  # none has passed, so that every reason is shown
        for evaluation in result.get("evaluations") or ():
            evaluation["goal_success"] = False
    document["simulation_results"][0] |= {"transcript_url": SIGNED_URL, "audio_url": SIGNED_URL}
    return _with_key(document, accepts)


def echoing_runs() -> Any:
    """Return simulation 731's runs, with the key in each text where the client accepts it."""
    run = {"id": 1, "experiment_id": 731, "created_at": "2026-11-19T16:04:00Z"}
    document = {"simulation_runs": [run | {"status": "COMPLETED", "summary": "x"}]}
    return _with_key(document, lambda each: bool(SimulationRuns.from_bytes(json.dumps(each).encode())))


def broken(document: Any) -> Any:
    """Return an invalid document with the key in place of every time, because errors quote times."""
    if isinstance(document, dict):
        is_time = [name for name in document if name.endswith(("_at", "_time"))]
        return {name: broken(each) for name, each in document.items()} | dict.fromkeys(is_time, _PLACE)
    return [broken(each) for each in document] if isinstance(document, list) else document


def _with_key(document: Any, accepts: Callable[[Any], bool]) -> Any:
    for number, (owner, name) in enumerate([*_texts(document)]):
        before = owner[name]
        # The client reads a mask where the service sends the key.
        for said in (f"{'x' * (number % 80)}{_SAID}", _PLACE, before):
            owner[name] = said.replace(_PLACE, MASK)
            try:
                is_accepted = accepts(document)
            except BluejayError:
                is_accepted = False
            owner[name] = said
            if is_accepted:
                break
    for each in [*_objects(document)]:
        each[f"x {_PLACE}"] = _SAID
    return document


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the location of each string in a document."""
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, str):
            yield value, name
        elif isinstance(each, dict | list):
            yield from _texts(each)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and not all(isinstance(each, int | float) for each in value.values()):
        yield value  # a map of numbers accepts no strings
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(each)
