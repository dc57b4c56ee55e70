"""Changes in the figures other than the pass rate: latency, judges' flags and custom metrics."""

from __future__ import annotations

from collections.abc import Iterator, Set

from attrs import field, frozen

from ..results.aggregate import Aggregate
from ..results.figures import FLAGS, Figures, RunFigure
from ..results.run import SimulationRun
from ..results.run_figures import metric_kinds

_FIGURES = (
    *((Aggregate.MEDIAN, f"latency.{each}") for each in ("average", "p95")),
    *((Aggregate.RATE, each) for each in FLAGS),
)


@frozen
class Delta:
    """A figure's value in each of the two runs, computed from the compared callers' conversations.

    Attributes:
        name: The figure as written in a rule, such as `median(latency.p95)`.
        base: The figure in the base run.
        now: The figure in the new run.
        change: The value in the new run minus the value in the base run; None if either has no value.
    """

    name: str
    base: RunFigure
    now: RunFigure
    change: float | None = field(init=False)

    @change.default
    def _change(self) -> float | None:
        before, after = self.base.value, self.now.value
        return None if before is None or after is None else after - before


def deltas(base: SimulationRun, run: SimulationRun, callers: Set[int]) -> Iterator[Delta]:
    """Yield each figure that any of these callers' conversations has in either run."""
    sides = [_of_callers(each, callers) for each in (base, run)]
    asked = [(kind, name, False) for kind, name in _FIGURES]
    asked += [(kind, name, True) for name, kind in metric_kinds(*sides).items()]
    for kind, name, is_metric in asked:
        before, after = (each.figure(kind, name, is_metric=is_metric) for each in sides)
        if before.is_measured or after.is_measured:
            yield Delta(before.name, before, after)


def _of_callers(run: SimulationRun, callers: Set[int]) -> Figures:
    kept = (each for each in run.results if each.digital_human_id in callers)
    return Figures(kept, 0, run.latency_unit)
