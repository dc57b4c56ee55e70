"""How far a run is."""

from bluejay_results.result import Outcome
from bluejay_results.run import SimulationRun

from .text import terminal_safe


def status(run: SimulationRun) -> str:
    """Return the run's own status."""
    return terminal_safe(run.status) if run.status else "no status"


def count(run: SimulationRun) -> str:
    """Return how many of the run's conversations have ended."""
    ended, total = ended_and_total(run)
    return f"{ended} of {total} conversations ended" if total else "no conversation yet"


def ended_and_total(run: SimulationRun) -> tuple[int, int]:
    """Count the conversations that are no longer under way, and all that the run is known to have."""
    received = len(run.results)
    ended = received - len(run.results_by_outcome[Outcome.UNDER_WAY])
    return ended, max(received, run.response.simulation_run.total_tests or 0)
