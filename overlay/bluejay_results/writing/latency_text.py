"""Latencies as text, with their unit, or with a remark if the unit is unknown."""

from statistics import median

from bluejay_results.results.latency import LatencySummary, LatencyUnit
from bluejay_results.results.run import SimulationRun


def run_latency_text(run: SimulationRun) -> str:
    """Return the latencies of a run's conversations."""
    summaries = [result.latency for result in run.results]
    p50 = [each.p50 for each in summaries if each.p50 is not None]
    p95 = [each.p95 for each in summaries if each.p95 is not None]
    averages = [each.average for each in summaries if each.average is not None]
    unit = run.latency_unit
    if p50 and p95:
        middle, worst = _figure(median(p50), unit), _figure(max(p95), unit)
        figures, measured = f"median p50 {middle}, highest p95 {worst}", len(p50)
    elif averages:
        figures, measured = f"median average {_figure(median(averages), unit)}", len(averages)
    else:
        return "not measured"
    return f"{figures}{_unknown(unit)}, measured in {measured} of {len(summaries)} conversations"


def conversation_latency_text(latency: LatencySummary) -> str:
    """Return the latencies of one conversation; empty if none was measured."""
    names = ("average", "p50", "p90", "p95", "p99", "maximum")
    measured = [(name, value) for name in names if (value := getattr(latency, name))]
    figures = ", ".join(f"{name} {_figure(value, latency.unit)}" for name, value in measured)
    return figures and f"{figures}{_unknown(latency.unit)}"


def latency_heading(unit: LatencyUnit | None) -> str:
    """Return the heading of a column of latencies."""
    return f"p50/p95 {unit}" if unit else "p50/p95"


def latency_cell(latency: LatencySummary) -> str:
    """Return p50 and p95 without a unit; if both are unknown, the average; if that is unknown too, a dash."""
    if latency.p50 is None and latency.p95 is None:
        return "-" if latency.average is None else f"avg {_figure(latency.average)}"
    return "/".join("-" if value is None else _figure(value) for value in (latency.p50, latency.p95))


def _figure(value: float, unit: LatencyUnit | None = None) -> str:
    """Format a latency with at least three digits."""
    digits = f"{value:.0f}" if 100 <= value < 1e9 else f"{value:.3g}"
    return f"{digits} {unit}" if unit else digits


def _unknown(unit: LatencyUnit | None) -> str:
    return "" if unit else " (unit unknown)"
