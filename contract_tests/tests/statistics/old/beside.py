"""What the old definitions do in the runs that the new ones are simulated with."""

from statistics import fmean
from typing import Any

from bluejay_results.compare.effect import effect_of
from bluejay_results.gate import gate
from bluejay_results.judging.statistics import rate_of_callers
from bluejay_results.judging.tally import Tally

from ...gate.runs import FAILED, PASSED, run_of
from ..changes import Comparison
from ..definitions import Runs
from ..drawing import generator
from ..rates import Case, Found
from .gate_simulation import CALLED, always_failing_share

LOST: dict[str, Any] = {"status": "NO_CONNECTION", "evaluations": None, "tool_calls": None}


def coverage(case: Case, repeats: int, about: str = "coverage") -> Found:
    """Return how often the old interval of the pass rate contains the true rate."""
    runs = case.draw(repeats, about)
    rates = (rate_of_callers(each, 0.95) for each in _tallies(runs))
    ends = [each.interval for each in rates if each is not None]
    return Found(case, fmean(each.low <= case.rate <= each.high for each in ends))


def found_worse(comparison: Comparison, repeats: int) -> float:
    """Return how often the old test finds that a run is worse."""
    base, new = comparison.draw(repeats, "compare")
    effects = (
        effect_of([pair for pair in zip(*sides, strict=True) if all(each.judged for each in pair)], 0.95)
        for sides in zip(_tallies(base), _tallies(new), strict=True)
    )
    return fmean(each is not None and each.p <= 0.05 and each.change < 0 for each in effects)


def fall_by_one_more_pass() -> float:
    """Return by how much the lower end falls from 99 to 100 passes of ten callers."""
    less, more = (rate_of_callers([*[(10, 10)] * 9, (last, 10)], 0.95) for last in (9, 10))
    assert less is not None
    assert more is not None
    return less.interval.low - more.interval.low


def equal_callers(rates: tuple[float, ...], callers: int, conversations: int, repeats: int) -> float:
    """Return the largest share of runs with equally good callers that break the old rule."""
    return max(always_failing_share([each] * callers, conversations, repeats) for each in rates)


def ships(rate: float, unknown: float, conversations: int, repeats: int) -> float:
    """Return how often the old gate ships an agent that loses calls; each conversation has its own caller."""
    rng = generator("ships by the old gate", rate, unknown, conversations)
    outcomes = rng.choice(
        3, (repeats, conversations), p=[unknown, (1 - unknown) * rate, (1 - unknown) * (1 - rate)]
    )
    kinds = (LOST, CALLED | PASSED, CALLED | FAILED)
    return fmean(gate(run_of(*(kinds[each] for each in run))).ships for run in outcomes)


def _tallies(runs: Runs) -> list[list[Tally]]:
    judged = runs.passed + runs.failed
    return [
        [Tally(int(a), int(b)) for a, b in zip(*pair, strict=True)]
        for pair in zip(runs.passed, judged, strict=True)
    ]
