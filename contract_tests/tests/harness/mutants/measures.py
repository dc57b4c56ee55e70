"""Mutants of durations, offsets, latencies and percentages."""

from .change import Changes, evaluation, event, inside, result

CHANGES: Changes = {
    "measures-not-negative:offset": ("an event starts before its conversation", event(start_offset_ms=-1)),
    "measures-not-negative:duration": ("a duration is negative", result(duration=-94000)),
    "measures-not-negative:turns": ("a number of turns is negative", evaluation(num_turns=-1)),
    "measures-not-negative:latency": ("a latency is negative", inside("latency", p50_agent_latency=-860)),
    "measures-not-negative:average": ("a mean latency is negative", evaluation(avg_agent_latency=-910)),
    "percentiles-in-order:p50-p90": (
        "p50 is over p90",
        inside("latency", p50_agent_latency=1500),
        "$.simulation_results[0].evaluations[0].latency.p90_agent_latency",
    ),
    "percentiles-in-order:p90-p95": (
        "p90 is over p95",
        inside("latency", p90_agent_latency=1600),
        "$.simulation_results[0].evaluations[0].latency.p95_agent_latency",
    ),
    "percentiles-in-order:p99-max": (
        "p99 is over the maximum",
        inside("latency", p99_agent_latency=1700),
        "$.simulation_results[0].evaluations[0].latency.max_agent_latency",
    ),
    "percentiles-in-order:avg-max": (
        "the mean is over the maximum",
        inside("latency", avg_agent_latency=1631),
    ),
    "percentiles-in-order:filler-p95-p99": (
        "without filler words, p95 is over p99",
        inside("filler_ignored_latency", p95_filler_ignored_latency=2),
        "$.simulation_results[0].evaluations[0].filler_ignored_latency.p99_filler_ignored_latency",
    ),
    "percentage-in-range:over-100": ("a percentage is over 100", evaluation(agent_speak_percentage=100.5)),
    "percentage-in-range:negative": ("a percentage is negative", evaluation(agent_speak_percentage=-0.5)),
}
