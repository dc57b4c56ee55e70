"""Exports runs on the workers of a Dask cluster; each worker writes the files of its runs."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from attrs import frozen

from .._extras import needed
from ..client.sync_client import BluejayClient
from ..errors import BluejayError, RateLimitError, UsageError
from ..reading.body import OnViolation
from ..results.run import SimulationRun
from .exporting import Exporter, ExportOutcome


@frozen
class Reading:
    """How the workers read runs. The API key isn't included: each worker reads a key from its environment."""

    base_url: str | None
    max_body_bytes: int
    complete: bool
    on_violation: OnViolation
    organization_id: str | None


def export_on_cluster(
    run_ids: Iterable[str], exporter: Exporter, address: str, reading: Reading, concurrency: int
) -> Iterator[tuple[str, ExportOutcome]]:
    """Export runs on a cluster; yield the outcome of each run when the run is done.

    If a worker dies, another worker exports its runs again.

    Args:
        run_ids: The runs to export.
        exporter: Writes the runs. Each worker gets a copy.
        address: The scheduler, such as tcp://scheduler:8786.
        reading: How to read the runs.
        concurrency: How many runs all workers together read at once. The number is halved after each 429.

    Raises:
        UsageError: The scheduler can't be reached, a worker has no API key or can't write to the place, or
            the extra `dask` is missing.
    """
    distributed = needed("distributed", "dask")
    waiting, names = iter(run_ids), dict[Any, str]()
    with _connected(distributed, address) as cluster:
        running = distributed.as_completed(loop=cluster.loop)

        def fill() -> None:
            while running.count() < concurrency and (run_id := next(waiting, None)) is not None:
                future = cluster.submit(_export_one, run_id, exporter, reading, pure=False)
                names[future] = run_id
                running.add(future)

        fill()
        for future in running:
            name = names.pop(future)
            outcome = _outcome(future, name, exporter)
            if isinstance(outcome, RateLimitError):
                concurrency = max(1, concurrency // 2)
            yield name, outcome
            fill()


def _outcome(future: Any, name: str, exporter: Exporter) -> ExportOutcome:
    error = future.exception()
    if error is None:
        outcome: ExportOutcome = future.result()
        return outcome
    if isinstance(error, UsageError):
        raise UsageError(f"A Dask worker can't export: {error}")
    return exporter.take(name, BluejayError(f"The Dask task of the run failed: {error}"))


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # failures are reported as outcomes or errors
    try:
        cluster = distributed.Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        problem = f"The Dask scheduler {address} can't be reached: {error}"
    else:
        with cluster:
            yield cluster
        return
    raise UsageError(f"{problem}. Check the address.")


def _export_one(run_id: str, exporter: Exporter, reading: Reading) -> ExportOutcome:
    """Read and write one run, in a worker."""
    client = _client(reading.base_url, reading.max_body_bytes, reading.organization_id)
    run: SimulationRun | BluejayError
    try:
        run = client.retrieve(run_id, complete=reading.complete, on_violation=reading.on_violation)
    except BluejayError as error:
        run = type(error)(str(error), status_code=error.status_code)  # without the body
    return exporter.take(run_id, run)


@lru_cache
def _client(base_url: str | None, max_body_bytes: int, organization_id: str | None) -> BluejayClient:
    return BluejayClient(base_url=base_url, max_body_bytes=max_body_bytes, organization_id=organization_id)
