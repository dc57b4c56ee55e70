"""What the fuzzer starts from: real bodies, cut down to a size at which a million of them take minutes."""

import json
from collections.abc import Iterator

from bluejay_contract.stub import SCENARIOS

LARGEST = 7_000
_RESULTS = "simulation_results"


def seeds() -> tuple[bytes, ...]:
    """Return the stub's bodies, each with one result or two of those it has."""
    return tuple(dict.fromkeys(_small_bodies()))


def _small_bodies() -> Iterator[bytes]:
    for name, scenario in SCENARIOS.items():
        if name == "large":
            continue  # a thousand conversations of the kinds that the others have
        for body in scenario.bodies:
            document = json.loads(body)
            results = document.get(_RESULTS) or []
            parts = [results[:2], *(results[place : place + 1] for place in range(len(results)))]
            for small in (document, *(document | {_RESULTS: kept} for kept in parts)):
                if len(encoded := _encoded(small)) <= LARGEST:
                    yield encoded


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
