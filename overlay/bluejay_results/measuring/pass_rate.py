"""A run's pass rate, with its bounds and interval.

See `docs/definitions.md`, Pass rates and intervals.
"""

from __future__ import annotations

from statistics import fmean

from attrs import frozen

from ..results.pass_rates import Unknown, rates_of
from ..results.run import SimulationRun
from .statistics import rate_interval


@frozen
class PassRate:
    """A run's pass rate, in percent.

    Attributes:
        passed: The number of conversations that passed.
        failed: The number of conversations that failed.
        unknown: The number of unknown and missing conversations.
        value: passed / (passed + failed); None if both are 0.
        lowest: The rate if every unknown conversation failed; None if `total` is 0.
        highest: The rate if every unknown conversation passed; None if `total` is 0.
        interval: The 95 % interval for the callers' mean rate, ignoring unknown conversations; None if no
            conversation passed or failed.
        mean_of_callers: The callers' mean rate if they have different numbers of conversations; otherwise
            None, because it equals `value`.
    """

    passed: int
    failed: int
    unknown: int
    value: float | None
    lowest: float | None
    highest: float | None
    interval: tuple[float, float] | None
    mean_of_callers: float | None

    @classmethod
    def of(cls, run: SimulationRun) -> PassRate:
        """Return a run's pass rate."""
        rates = rates_of(run.callers, run.missing_count, Unknown.LEFT_OUT)
        is_uneven = len({each.passed + each.failed for each in run.callers} - {0}) > 1
        return cls(
            len(run.passed),
            len(run.failed),
            len(run.unknown) + run.missing_count,
            run.pass_rate,
            run.pass_rate_lowest,
            run.pass_rate_highest,
            _in_percent(rate_interval(rates)),
            100 * fmean(rates.elements()) if is_uneven else None,
        )

    @property
    def total(self) -> int:
        """The number of conversations that passed, failed, are unknown or are missing."""
        return self.passed + self.failed + self.unknown


def _in_percent(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return interval and (100 * interval[0], 100 * interval[1])
