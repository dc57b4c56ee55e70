"""Reads a run, or the runs of a simulation, from a file: a recording, or the body of one response."""

from __future__ import annotations

from attrs import evolve

from ..errors import BluejayError
from ..reading.body import OnViolation, refuse_view
from ..reading.duplicate_keys import duplicate_keys
from ..recording.har_reader import is_har, list_of_runs, read_har
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
        return _with_duplicate_keys(SimulationRun.from_bytes(data, on_violation=on_violation))
    try:
        recording = read_har(data)
        from .replay import replay  # loaded late: it imports the HTTP stack

        return _with_duplicate_keys(replay(recording, on_violation))
    except BluejayError as error:
        error.args = (f"{name}: {error}",)
        raise


def runs_in(data: bytes, name: str, on_violation: OnViolation = "raise") -> SimulationRuns:
    """Return the runs of a simulation in the bytes of a file; raise the same errors as `run_in`."""
    if not is_har(data):
        return SimulationRuns.from_bytes(data, on_violation=on_violation)
    try:
        exchange = list_of_runs(data)
        from .replay import replay_runs  # loaded late: it imports the HTTP stack

        return replay_runs(exchange, on_violation)
    except BluejayError as error:
        error.args = (f"{name}: {error}",)
        raise


def _with_duplicate_keys(run: SimulationRun) -> SimulationRun:
    """Return the run; each conversation that has a key twice in one object gets a note and is doubtful."""
    found = duplicate_keys(run.raw)
    if not found:
        return run
    results = dict(zip(run.places, run.results, strict=True))
    doubts = {
        results[place].id: f"{', '.join(keys)} given twice in one object, and the last value counts"
        for place, keys in found.items()
        if place in results
    }
    notes = (f"conversation {result_id}: {doubt}" for result_id, doubt in doubts.items())
    context = run.context
    return evolve(
        run,
        context=evolve(context, doubts={**context.doubts, **doubts}, notes=(*context.notes, *notes)),
    )
