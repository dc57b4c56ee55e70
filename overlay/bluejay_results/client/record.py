"""Writes the recording of a call, however the call ends."""

from __future__ import annotations

from os import PathLike
from typing import TypeAlias, TypeVar

from ..errors import BluejayError, UsageError
from ..recording.har import save
from ..results.simulation_runs import SimulationRuns
from .call import Call
from .reading import Reading
from .steps import Steps, send_with_retries

T = TypeVar("T")

Path: TypeAlias = str | PathLike[str] | None


def recorded(steps: Steps[T], reading: Reading, path: Path) -> Steps[T]:
    """Run the steps, then write what was received; nothing is written if nothing was received.

    If the call fails, its error is raised even if the file can't be written.

    Raises:
        UsageError: The call succeeded, but the file can't be written.
    """
    try:
        result = yield from steps
    except BaseException as error:
        try:
            _write(reading, path)
        except UsageError as failure:
            error.add_note(str(failure))
        raise
    _write(reading, path)
    return result


def list_steps(call: Call[SimulationRuns], reading: Reading) -> Steps[SimulationRuns]:
    """List the runs of a simulation."""
    try:
        runs = yield from send_with_retries(call)
    except BluejayError as error:
        reading.failed(error)
        raise
    reading.listed(runs.exchange)
    return runs


def _write(reading: Reading, path: Path) -> None:
    recording = None if path is None else reading.recording
    if path is None or recording is None or not any(each.status for each in recording.exchanges):
        return
    try:
        save(recording, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"The recording can't be written to {path}: {reason}.") from None
