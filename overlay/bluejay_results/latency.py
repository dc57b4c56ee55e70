"""How long the agent takes to answer; upstream sends 0 for "not measured"."""

from attrs import frozen
from bluejay_api.models import Evaluation, FillerIgnoredLatency, Latency


@frozen
class LatencySummary:
    """How long the agent took to answer in one conversation.

    Every figure is None where it was not measured: upstream sends 0 for that (source: contract facts).
    Upstream doesn't document the unit.
    """

    average: float | None = None
    maximum: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None


def agent_latency(evaluation: Evaluation | None) -> LatencySummary:
    """Summarise how long the agent took to answer."""
    if evaluation is None:
        return LatencySummary()
    latency = evaluation.latency or Latency()
    return LatencySummary(
        average=latency.avg_agent_latency or evaluation.avg_agent_latency or None,
        maximum=latency.max_agent_latency or None,
        p50=latency.p50_agent_latency or None,
        p90=latency.p90_agent_latency or None,
        p95=latency.p95_agent_latency or None,
        p99=latency.p99_agent_latency or None,
    )


def filler_ignored_latency(evaluation: Evaluation | None) -> LatencySummary:
    """Summarise the same without filler words; upstream has no maximum here."""
    latency = (evaluation and evaluation.filler_ignored_latency) or FillerIgnoredLatency()
    return LatencySummary(
        average=latency.avg_filler_ignored_latency or None,
        p50=latency.p50_filler_ignored_latency or None,
        p90=latency.p90_filler_ignored_latency or None,
        p95=latency.p95_filler_ignored_latency or None,
        p99=latency.p99_filler_ignored_latency or None,
    )
