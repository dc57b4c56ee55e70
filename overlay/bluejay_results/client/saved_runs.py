"""Reads a run, or the runs of a simulation, from a file: a recording, or the body of one response."""

from __future__ import annotations

from ..errors import BluejayError
from ..reading.body import OnViolation, refuse_view
from ..recording.har_reader import is_har, read_har
from ..results.run import SimulationRun
from ..results.simulation_runs import SimulationRuns


def run_in(data: bytes, name: str, on_violation: OnViolation = "raise") -> SimulationRun:
    """Return the run in the bytes of a file.

    Args:
        data: The bytes.
        name: The file's name, for messages.
        on_violation: As in `SimulationRun.from_bytes`.

    Raises:
        BluejayError: The file doesn't contain a run, or the recorded call raised this error.
    """
    if not is_har(data):
        refuse_view(data, name)
        return SimulationRun.from_bytes(data, on_violation=on_violation)
    try:
        recording = read_har(data, "page")
        from .replay import replay  # loaded late: it imports the HTTP stack

        return replay(recording, on_violation)
    except BluejayError as error:
        error.args = (f"{name}: {error}",)
        raise


def runs_in(data: bytes, name: str, on_violation: OnViolation = "raise") -> SimulationRuns:
    """Return the runs of a simulation in the bytes of a file; raise the same errors as `run_in`."""
    if not is_har(data):
        return SimulationRuns.from_bytes(data, on_violation=on_violation)
    try:
        recording = read_har(data, "runs")
        from .replay import replay_runs  # loaded late: it imports the HTTP stack

        return replay_runs(recording, on_violation)
    except BluejayError as error:
        error.args = (f"{name}: {error}",)
        raise
