"""The section about callers: their order."""

from __future__ import annotations

from ..results.digital_human import DigitalHuman
from ..results.run import SimulationRun

MOST_ROWS = 60
"""The maximum number of rows of a table of callers."""


def callers(run: SimulationRun) -> list[DigitalHuman]:
    """Return the callers that have an id, the worst first; those without a pass rate come last."""
    return sorted((each for each in run.by_digital_human if each.id is not None), key=_goodness)


def _goodness(human: DigitalHuman) -> tuple[float, int, int]:
    """Return the pass rate with unknown conversations as failed, then how many failed or are unknown."""
    counted = human.passed + human.failed + human.unknown
    return human.passed / counted if counted else 2.0, -human.failed, -human.unknown
