"""The rules about the latency of a run, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve

from ..judging.thresholds import beside
from ..judging.turns import ALLOWED, knows, latency_of_run
from ..latency import LatencySummary, LatencyUnit
from ..result import SimulationResult
from ._quality import thin
from .evidence import Evidence
from .verdict import Answer, Finding, kept_if

Measured = tuple[LatencySummary, int | None]


def latency(
    evidence: Evidence, figure: str, limit: float, unit: LatencyUnit | None, min_measured: float
) -> Finding:
    """Judge how long the turns of a run took; without a unit given, the run tells it."""
    unit = unit or evidence.run.latency_unit

    def measure(result: SimulationResult) -> Measured | None:
        known = evolve(result.latency_received, unit=unit).in_milliseconds()
        turns = result.evaluation.num_turns if result.evaluation else None
        return (known, turns) if known and knows(known, figure) else None

    def slowest(copies: Sequence[Measured]) -> Measured:
        return max(copies, key=lambda each: _of(each, figure))

    finding = Finding(f"max-latency-{figure}", f"{limit:,g} ms", "", 0, Answer.INCONCLUSIVE)
    has_figure = any(getattr(each.latency_received, figure) for each in evidence.judged)
    if unit is None and has_figure:
        return finding.inconclusive("the unit of the latencies can't be told; give --latency-unit ms or s")
    measured = list(evidence.measured(measure, slowest))
    if not measured:
        return finding.inconclusive("no judged conversation has this latency")
    value = latency_of_run(figure, [each for _, each in measured])
    slow = sorted(
        ((each, _of(found, figure)) for each, found in measured if _of(found, figure) > limit),
        key=lambda pair: -pair[1],
    )
    finding = evolve(
        finding,
        value=f"{beside(value, limit)} ms",
        sample=len(measured),
        answer=kept_if(value <= limit),
        explanation=f"{_meaning(figure, len(measured))}; latencies received in {unit}",
        broken_by=tuple(each for each, _ in slow),
    )
    few = thin([each for each, _ in measured], evidence, min_measured)
    return finding.inconclusive(few) if few else finding


def _of(measured: Measured, figure: str) -> float:
    value: float = getattr(measured[0], figure)
    return value


def _meaning(figure: str, conversations: int) -> str:
    if figure == "average":
        return f"mean of the averages of {conversations} conversations"
    return (
        f"{100 * Fraction(str(ALLOWED[figure]))} % of the turns of {conversations} conversations took longer"
    )
