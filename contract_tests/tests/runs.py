"""Runs for tests, read from documents made with `builders`."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.results.responses import OnViolation

from . import builders


def run_of(*results: Any, on_violation: OnViolation = "raise", **fields: Any) -> SimulationRun:
    """Return a run with these conversations; `fields` are fields of the run itself."""
    body = builders.encoded(builders.response(*results, **fields))
    return SimulationRun.from_bytes(body, on_violation=on_violation)
