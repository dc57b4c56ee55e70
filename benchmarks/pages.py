"""Retrieving a run with 1,000 conversations in ten pages, compared with the same run in one body."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import partial
from typing import Any

from .case import Case, Measure, peak_memory, timed
from .server import PAGED, serving

CONVERSATIONS = 1_000
RUNS = {"ten pages": f"{PAGED}{CONVERSATIONS}", "one body": str(CONVERSATIONS)}
"""The ways in which the server sends a run, each with the id of the run that it sends this way."""


def _prepare(contender: str, measure: Callable[[Callable[[], Any]], Measure]) -> Measure:
    from bluejay_results import BluejayClient

    server = serving()
    url = server.__enter__()
    atexit.register(server.__exit__, None, None, None)
    retrieve = partial(BluejayClient("test-key", url).retrieve, RUNS[contender])
    retrieve()  # loads the client and connects
    prepared: Measure = measure(retrieve)
    return prepared


def transferred(contender: str) -> tuple[int, int]:
    """Return how many requests it takes to read the run, and the total size of the bodies in bytes."""
    from bluejay_results import BluejayClient

    with serving() as url, BluejayClient("test-key", url) as client:
        responses = client.retrieve(RUNS[contender]).responses
    return len(responses), sum(len(each.body) for each in responses)


def _bytes(contender: str) -> Measure:
    return lambda _loops: float(transferred(contender)[1])


CASES = [
    *(Case("retrieve 1,000 conversations", each, partial(_prepare, each, timed), rounds=5) for each in RUNS),
    *(
        Case(
            "retrieve 1,000 conversations, memory",
            each,
            partial(_prepare, each, peak_memory),
            values=1,
            rounds=3,
            unit="byte",
        )
        for each in RUNS
    ),
    *(
        Case(
            "retrieve 1,000 conversations, bytes",
            each,
            partial(_bytes, each),
            values=1,
            rounds=1,
            unit="byte",
        )
        for each in RUNS
    ),
]
