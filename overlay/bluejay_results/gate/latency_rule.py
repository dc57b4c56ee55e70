"""The rules about the latency of a run, in milliseconds."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from ..judging.run_latency import (
    ALLOWED,
    Measured,
    knows,
    latency_of_run,
)
from ..judging.thresholds import distinct_number, plain_number
from ..results.latency import LatencyUnit
from ..results.result import SimulationResult
from .evidence import Evidence
from .quality import too_few_reason
from .verdict import Finding, RuleVerdict, kept_if

ROUNDING = 1e-9
"""The share of the limit by which a value may be above the limit, because of rounding."""


def latency(
    evidence: Evidence, figure: str, limit: float, unit: LatencyUnit | None, min_measured: float
) -> Finding:
    """Judge how long the turns of a run took; if `unit` is None, the unit is inferred from the latencies."""
    unit = unit or evidence.run.latency_unit
    finding = Finding(
        f"max-latency-{figure}",
        f"{plain_number(limit)} ms",
        "",
        0,
        RuleVerdict.INCONCLUSIVE,
        is_about_figure=True,
    )
    has_figure = any(getattr(each.latency_received, figure) for each in evidence.judged)
    if unit is None and has_figure:
        return finding.inconclusive("the unit of the latencies is unknown; give --latency-unit ms or s")
    measured = measured_latencies(evidence, figure, unit)
    if not measured:
        return finding.inconclusive("no judged conversation has this latency")
    value = latency_of_run(figure, [each for _, each in measured])
    figures = [(each, max(_of(copy, figure) for copy in copies)) for each, copies in measured]
    slow = sorted((pair for pair in figures if pair[1] > limit), key=lambda pair: -pair[1])
    is_kept = value <= limit * (1 + ROUNDING)
    finding = evolve(
        finding,
        value=f"{distinct_number(min(value, limit) if is_kept else value, limit)} ms",
        sample=len(measured),
        verdict=kept_if(is_kept),
        explanation=f"{_basis(figure, len(measured))}; latencies received in {unit}",
        broken_by=tuple(each for each, _ in slow),
    )
    few = too_few_reason([each for each, _ in measured], evidence, min_measured)
    return finding.inconclusive(few) if few else finding


def measured_latencies(
    evidence: Evidence, figure: str, unit: LatencyUnit | None
) -> list[tuple[SimulationResult, list[Measured]]]:
    """Return the judged conversations that have a figure, each with the latency of its copies in ms."""

    def measure(result: SimulationResult) -> Measured | None:
        known = evolve(result.latency_received, unit=unit).in_milliseconds()
        turns = result.evaluation.num_turns if result.evaluation else None
        return (known, turns) if known and knows(known, figure) else None

    return list(evidence.measured_copies(measure))


def _of(measured: Measured, figure: str) -> float:
    value: float = getattr(measured[0], figure)
    return value


def _basis(figure: str, conversations: int) -> str:
    if figure == "average":
        return f"mean of the averages of {conversations} conversations"
    share = 100 * Fraction(str(ALLOWED[figure]))
    return f"{share} % of the turns of {conversations} conversations took longer than the measured value"
