"""The cases of the rules about figures and tools: below, at and above their thresholds."""

from typing import Any

from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.gate import MetricRule, RuleVerdict

from .cases import BROKEN, KEPT, UNSURE, Case
from .runs import conversations, evaluated, metrics, tools

_AVERAGE: dict[str, Any] = {"max_latency": {"average": 1000}}


def latency(*averages: float, **figures: float) -> SimulationRun:
    return evaluated(*({"avg_agent_latency": each, "latency": figures} for each in averages))


def _percentiles(*conversations: tuple[float, float, float]) -> SimulationRun:
    """A run whose conversations have these p50, p90 and p95; the average is near p50."""
    return evaluated(
        *(
            {
                "avg_agent_latency": p50,
                "latency": {"p50_agent_latency": p50, "p90_agent_latency": p90, "p95_agent_latency": p95},
            }
            for p50, p90, p95 in conversations
        )
    )


def _averages(average: float, **percentiles: float) -> SimulationRun:
    """A run of three conversations with this average, and these other figures."""
    latency = {f"{name}_agent_latency": value for name, value in percentiles.items()}
    return evaluated(*[{"avg_agent_latency": average, "latency": latency}] * 3)


def metric_rule(text: str) -> dict[str, Any]:
    return {"metrics": (MetricRule.parse(text),)}


_SLOW_QUARTER = [(800, 900, 950)] * 3 + [(60_000, 61_000, 62_000)]
_OF_LATENCIES: list[tuple[dict[str, float], SimulationRun, RuleVerdict]] = [
    ({"p95": 950}, _percentiles(*[(800, 900, 950)] * 3), KEPT),
    ({"p95": 949.9}, _percentiles(*[(800, 900, 950)] * 3), BROKEN),
    ({"p95": 950}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), KEPT),
    ({"p95": 949}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), BROKEN),
    # One conversation in four is slow, which the median conversation doesn't show.
    ({"p95": 5000}, _percentiles(*_SLOW_QUARTER), BROKEN),
    ({"average": 833.3}, latency(500, 1000, 1000), BROKEN),
    ({"average": 833.4}, latency(500, 1000, 1000), KEPT),
    ({"p50": 1000}, latency(900), UNSURE),
    ({"average": 1000}, latency(0, 0), UNSURE),  # 0 means not measured
    ({"average": 1000}, latency(100), UNSURE),  # the unit is unknown
    ({"average": 1000}, latency(0.9, 900), UNSURE),
    # A value exactly at the limit is kept, despite rounding.
    ({"average": 950.3}, latency(*[950.3] * 7), KEPT),
    ({"p95": 2019}, _percentiles(*[(1.1, 1.9, 2.019)] * 3), KEPT),
    # Units are mixed: an average far below the rest, medians of another size, a mean above its maximum.
    ({"p95": 1500}, _percentiles(*[(500, 600, 700)] * 6, *[(60, 80, 90)] * 4), UNSURE),
    ({"p95": 1500}, _averages(900, p50=0.9, p90=5, p95=9), UNSURE),
    ({"average": 1500}, _averages(900, max=12), UNSURE),
    # A percentile is used even if rounding put it below a lower percentile.
    ({"p95": 900}, _percentiles((812.0000000001, 812, 850)), KEPT),
    # A percentile isn't used without p50 and p90, or if it is clearly below a lower percentile.
    ({"p95": 1000}, latency(900, p95_agent_latency=950), UNSURE),
    ({"p95": 1000}, _percentiles((800, 900, 700)), UNSURE),
]
LATENCY: list[Case] = [
    *(
        ({"max_latency": limit}, run, f"max-latency-{next(iter(limit))}", verdict)
        for limit, run, verdict in _OF_LATENCIES
    ),
    (_AVERAGE | {"latency_unit": LatencyUnit.MILLISECONDS}, latency(0.9, 900), "max-latency-average", KEPT),
    # This looks like milliseconds, but the option decides.
    (_AVERAGE | {"latency_unit": LatencyUnit.SECONDS}, latency(900), "max-latency-average", BROKEN),
]
_OF_FLAGS: list[tuple[dict[str, float], list[bool | None], RuleVerdict]] = [
    ({"max": 10}, [True, *[False] * 9], KEPT),
    ({"max": 10}, [True, *[False] * 8], BROKEN),
    ({"max": 18.4}, [*[True] * 69, *[False] * 306], KEPT),  # exactly 18.4 %
    ({"max": 50}, [None], UNSURE),
    # At least half of the judged conversations must have the flag (just below, at), and at least three.
    ({"max": 0}, [*[False] * 4, *[None] * 5], UNSURE),
    ({"max": 0}, [*[False] * 4, *[None] * 4], KEPT),
    ({"max": 0, "min_measured": 40}, [*[False] * 4, *[None] * 6], KEPT),
    ({"max": 0}, [False, False, None], UNSURE),
    ({"max": 0}, [False, False], KEPT),
    ({"max": 0}, [False, None], UNSURE),
]
FLAGS: list[Case] = [
    (
        {f"max_{flag}" if name == "max" else name: value for name, value in limits.items()},
        evaluated(*({flag: each} for each in answers)),
        f"max-{flag}",
        verdict,
    )
    for flag in ("hallucination", "redundancy")
    for limits, answers, verdict in _OF_FLAGS
]
_FIVE: dict[str, Any] = {"min_value": 1, "max_value": 5}
THREE_OF_FIVE = metrics(*["pass"] * 3, "failed", "failed", kind="pass_fail")
_OF_POLITENESS: list[tuple[str, SimulationRun, RuleVerdict]] = [
    (">= 4", metrics("3", "4.9"), BROKEN),
    (">= 4", metrics("3", "5"), KEPT),
    ("> 4", metrics("3", "5"), BROKEN),
    ("<= 4", metrics("4", "4"), KEPT),
    ("< 4", metrics("4", "4"), BROKEN),
    (">= 50", metrics("pass", "fail", kind="pass_fail"), KEPT),
    (">= 50.1", metrics("Pass", "FAIL", kind="pass_fail"), BROKEN),
    ("<= 50", metrics("yes", "no", kind="yes_no"), KEPT),
    # The mean is exact.
    (">= 3.2", metrics("3.0", "3.0", "3.6"), KEPT),
    ("<= 3.3", metrics("3.1", "3.3", "3.5"), KEPT),
    # "Not applicable" counts neither as an answer nor as a missing answer.
    (">= 4", metrics("4", "Not applicable."), KEPT),
    (">= 4", metrics("4", *["N/A"] * 9), KEPT),
    (">= 4", metrics("not applicable"), UNSURE),
    # An unreadable answer counts as the worst answer, but a rule broken only by such answers is inconclusive.
    (">= 60", THREE_OF_FIVE, KEPT),
    (">= 61", THREE_OF_FIVE, UNSURE),
    (">= 61", metrics("pass", "fail", "failed", kind="pass_fail"), BROKEN),
    ("<= 40", metrics(*["no"] * 3, "never", "never", kind="yes_no"), KEPT),
    ("<= 39", metrics(*["no"] * 3, "never", "never", kind="yes_no"), UNSURE),
    (">= 3", metrics("4", "4", "1/5", **_FIVE), KEPT),
    (">= 3.1", metrics("4", "4", "1/5", **_FIVE), UNSURE),
    ("<= 3", metrics("2", "2", "1/5", **_FIVE), KEPT),
    ("<= 2.9", metrics("2", "2", "1/5", **_FIVE), UNSURE),
    (">= 1.5", metrics("5", "5.1", **_FIVE), KEPT),  # 5.1 is out of range and counts as 1
    (">= 3.1", metrics("5", "0.9", **_FIVE), UNSURE),
    (">= 4", metrics("5", "5", "1_0", **_FIVE), UNSURE),  # int() would read 10
    (">= 4", metrics("5", "5", "good", min_value=5, max_value=1), UNSURE),
    (">= 4", metrics("5", "5", "nan"), UNSURE),  # the range is unknown
    (">= 4", metrics("3", "3", "1/5"), BROKEN),
    (">= 4", metrics("nan"), UNSURE),
    (">= 50", metrics("pass", "fail", kind="Pass_Fail"), KEPT),
    (">= 4", metrics("3", name="Politeness"), BROKEN),
]
METRICS: list[Case] = [
    *(
        (metric_rule(f"politeness {limit}"), run, "metric politeness", verdict)
        for limit, run, verdict in _OF_POLITENESS
    ),
    (metric_rule("politness >= 4"), metrics("4"), "metric politness", UNSURE),
]
TOOLS: list[Case] = [
    ({"require_tools": True}, tools(True, True), "require-tools", KEPT),
    ({"require_tools": True}, tools(True, False), "require-tools", BROKEN),
    ({"require_tools": True}, conversations(3), "require-tools", UNSURE),
]
CASES = [*LATENCY, *FLAGS, *METRICS, *TOOLS]
