"""The figures that describe a run."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from .aggregate import Aggregate
from .figures import FLAGS, LATENCIES, Figures, RunFigure
from .metrics import ORDERED, RATED
from .run import SimulationRun

_COMPUTED = WeakKeyDictionary[SimulationRun, Figures]()


def figures(run: SimulationRun) -> tuple[RunFigure, ...]:
    """Return the figures that at least one conversation has, each with its value or the reason it has none.

    These are the minimum, the median and the maximum of each latency, the rate of each flag, and the mean or
    the rate of each custom metric. Empty if the run has violations because some values are missing.
    """
    return () if run.violations else tuple(each for each in _figures(computed(run)) if each.is_measured)


def computed(run: SimulationRun) -> Figures:
    """Return the object that computes any of the run's figures; it caches each conversation's values."""
    if run not in _COMPUTED:
        _COMPUTED[run] = Figures(run.results, run.missing_count, run.latency_unit)
    return _COMPUTED[run]


def _figures(of_run: Figures) -> list[RunFigure]:
    lowest_to_highest = (Aggregate.MIN, Aggregate.MEDIAN, Aggregate.MAX)
    return [
        *(of_run.figure(kind, name) for name in LATENCIES for kind in lowest_to_highest),
        *(of_run.figure(Aggregate.RATE, name) for name in FLAGS),
        *(of_run.figure(kind, name, is_metric=True) for name, kind in metric_kinds(of_run).items()),
    ]


def metric_kinds(*sides: Figures) -> dict[str, Aggregate]:
    """Return the names of the metrics whose answers can be ordered, each with a suitable aggregate."""
    found: dict[str, set[str]] = {}
    for side in sides:
        for name, types in side.metrics.items():
            found.setdefault(name, set()).update(types)
    return {
        name: Aggregate.RATE if types <= RATED else Aggregate.MEAN
        for name, types in found.items()
        if types & ORDERED
    }
