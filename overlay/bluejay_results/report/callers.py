"""The section about callers: one row per caller, one mark per conversation."""

from __future__ import annotations

from attrs import frozen

from ..results.digital_human import DigitalHuman
from ..results.result import SimulationResult
from ..results.run import SimulationRun

MOST_ROWS = 60


@frozen
class Callers:
    """The section about callers.

    Attributes:
        rows: The worst callers, the worst first.
        left_out: How many callers have no row.
    """

    rows: list[CallerRow]
    left_out: int


@frozen
class CallerRow:
    """One caller.

    Attributes:
        id: The digital human's id.
        results: The caller's conversations in order of time.
        passed: How many of the conversations that count passed, such as `2 of 3`.
    """

    id: int
    results: tuple[SimulationResult, ...]
    passed: str


def callers(run: SimulationRun) -> Callers:
    """Return the rows of the worst callers. A conversation without a digital human has no row."""
    humans = sorted((each for each in run.by_digital_human if each.id is not None), key=_goodness)
    rows = [_row(each) for each in humans[:MOST_ROWS]]
    return Callers(rows, len(humans) - len(rows))


def _goodness(human: DigitalHuman) -> tuple[float, int, int]:
    """Return the rate with unknown conversations as failed; callers without a rate come last."""
    counted = human.passed + human.failed + human.unknown
    return human.passed / counted if counted else 2.0, -human.failed, -human.unknown


def _row(human: DigitalHuman) -> CallerRow:
    known = human.passed + human.failed
    return CallerRow(
        human.id or 0,
        tuple(sorted(human.results, key=_begin)),
        f"{human.passed} of {known}" if known else "-",
    )


def _begin(result: SimulationResult) -> tuple[bool, float]:
    """Return the start time as a sort key; conversations without a start come last, in listed order."""
    start = result.start_time
    return (False, start.timestamp()) if start else (True, 0.0)
