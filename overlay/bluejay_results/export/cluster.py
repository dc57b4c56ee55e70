"""Exports runs on a Dask cluster; each task writes one part."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, TypeAlias

from .._extras import needed
from ..client.sync_client import BluejayClient
from ..errors import BluejayError, UsageError
from ..results.responses import OnViolation
from .dataset import ResumableError, explained
from .exporting import PART, Exporter, ExportReport, NamedRun

ReadRuns: TypeAlias = Callable[[Sequence[str]], Generator[NamedRun, None, None]]


def read_in_worker(
    run_ids: Sequence[str],
    base_url: str | None,
    organization_id: str | None,
    concurrency: int,
    on_violation: OnViolation,
) -> Generator[NamedRun, None, None]:
    """Read runs. The API key isn't an argument, because each worker reads it from its environment."""
    with (
        BluejayClient(base_url=base_url, organization_id=organization_id) as client,
        closing(client.retrieve_many(run_ids, concurrency, complete=True, on_violation=on_violation)) as runs,
    ):
        yield from runs


def export_on_cluster(
    run_ids: Sequence[str], exporter: Exporter, address: str, read: ReadRuns, done: Callable[[], None]
) -> ExportReport:
    """Export runs that haven't been exported yet. If a worker dies, another one rewrites its part.

    Calls `read` in the workers, and `done` for each run once its task is done.

    Raises:
        UsageError: The scheduler can't be reached, a worker has no API key or can't write to the destination,
            or the `dask` extra is missing.
    """
    distributed, folder, report = needed("distributed", "dask"), exporter.dataset.folder, ExportReport()
    groups = [run_ids[start : start + PART] for start in range(0, len(run_ids), PART)]
    with _connected(distributed, address) as cluster:
        with explained(folder, ResumableError):
            exporter.dataset.start()
            numbers = exporter.dataset.free_numbers()
        tasks = {
            cluster.submit(_export_part, number, group, exporter, read, pure=False): group
            for group, number in zip(groups, numbers, strict=False)
        }
        for task in distributed.as_completed(tasks, loop=cluster.loop):
            report.add(_outcome(task, tasks[task]))
            for _ in tasks[task]:
                done()
    with explained(folder, ResumableError):
        exporter.dataset.finish(report.unlisted())
    return report


def _outcome(task: Any, group: Sequence[str]) -> ExportReport:
    error = task.exception()
    if error is None:
        outcome: ExportReport = task.result()
        return outcome
    if isinstance(error, UsageError):
        raise type(error)(f"A Dask worker can't export: {error}")
    return ExportReport(failed=dict.fromkeys(group, BluejayError(f"The Dask task failed: {error}")))


def _connected(distributed: Any, address: str) -> Any:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # failures are raised or in the report
    try:
        return distributed.Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        problem = f"The Dask scheduler {address} can't be reached: {error}"
    raise UsageError(f"{problem}. Check the address.")


def _export_part(number: int, run_ids: Sequence[str], exporter: Exporter, read: ReadRuns) -> ExportReport:
    report = ExportReport()
    with closing(read(run_ids)) as runs, explained(exporter.dataset.folder, ResumableError):
        exporter.write_part(number, exporter.exportable(runs, report, set()), report)
    for name, error in report.failed.items():  # leaves out the response bodies, which can be large
        report.failed[name] = replace(error, body=None, exchange=None)
    return report
