"""The corpus of the fuzzer: real bodies, made so small that a million of them take minutes."""

import json
from collections.abc import Iterator
from functools import cache

from bluejay_contract.stub import SCENARIOS

LARGEST = 7_000
_RESULTS = "simulation_results"


def seeds() -> tuple[bytes, ...]:
    """Return bodies of runs, of results fetched by id and of a queued run."""
    results = [each for body in runs() for each in json.loads(body).get(_RESULTS) or []]
    singles = (_encoded({"simulation_result": each, "status": "200"}) for each in results)
    queued = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "7"}
    return (*runs(), *dict.fromkeys(singles), _encoded(queued))


@cache
def runs() -> tuple[bytes, ...]:
    """Return the stub's bodies of runs, each with one or two of its results."""
    return tuple(dict.fromkeys(_small_bodies()))


def _small_bodies() -> Iterator[bytes]:
    for name, scenario in SCENARIOS.items():
        if name == "large":
            continue  # a thousand conversations of kinds that the other scenarios already have
        for body in scenario.bodies:
            document = json.loads(body)
            results = document.get(_RESULTS) or []
            parts = [results[:2], *(results[place : place + 1] for place in range(len(results)))]
            for small in (document, *(document | {_RESULTS: kept} for kept in parts)):
                if len(encoded := _encoded(small)) <= LARGEST:
                    yield encoded


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
