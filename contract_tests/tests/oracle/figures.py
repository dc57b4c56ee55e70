"""The rules about figures, written a second time, from the definitions alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from .outcomes import Json, Reading, last_evaluations, moment

Finding = Literal["kept", "broken", "inconclusive"]
Unit = Literal["ms", "s"]
Value = bool | Fraction

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
YES_OR_NO = {"yes": True, "pass": True, "true": True, "no": False, "fail": False, "false": False}
NOT_APPLICABLE = {"not applicable", "n/a"}
FACTORS = {"": Fraction(1), "%": Fraction(1, 100), "ms": Fraction(1), "s": Fraction(1000)}
SECONDS_BELOW, MILLISECONDS_ABOVE = 20, 200


class UnreadableError(Exception):
    """The unit, the type or an answer of a figure can't be determined."""


@dataclass(frozen=True)
class Rule:
    """A rule after parsing; a quoted figure is always the name of a custom metric."""

    aggregate: str
    figure: str
    operator: Literal["<=", "<", ">=", ">"]
    limit: str
    unit: Literal["%", "ms", "s", ""] = ""
    quoted: bool = False

    @property
    def is_metric(self) -> bool:
        """Whether the figure is a custom metric."""
        return self.quoted or (
            not self.figure.startswith("latency.")
            and self.figure not in {"duration", "hallucination", "redundancy"}
        )

    def __str__(self) -> str:
        figure = f'"{self.figure}"' if self.quoted else self.figure
        return f"{self.aggregate}({figure}) {self.operator} {self.limit} {self.unit}".strip()


def answer(metric: Json) -> Value | None:
    """Return the answer of a custom metric; None if it is not applicable."""
    text = metric["response_value"].strip().lower()
    if metric["response_type"] not in {"pass_fail", "yes_no", "tool_call", "quantitative"}:
        raise UnreadableError
    if text in NOT_APPLICABLE:
        return None
    if metric["response_type"] == "quantitative" and NUMBER.fullmatch(text):
        return Fraction(text)
    if metric["response_type"] != "quantitative" and text in YES_OR_NO:
        return YES_OR_NO[text]
    raise UnreadableError


def agreed(values: Sequence[Value | None]) -> Value | None:
    """Return the one value of all sources; they must not disagree."""
    if len({(type(value), value) for value in values}) > 1:
        raise UnreadableError
    return values[0] if values else None


def measured(latency: Any) -> Fraction | None:
    """Return a latency; 0 means that it was not measured."""
    return Fraction(str(latency)) if latency else None


def in_evaluation(figure: str, evaluation: Json) -> Value | None:
    """Return a figure that isn't a custom metric, as one evaluation has it."""
    if figure in {"hallucination", "redundancy"}:
        return evaluation.get(figure)
    latencies = evaluation.get("latency") or {}
    if figure == "latency.average":
        return measured(evaluation["avg_agent_latency"]) or measured(latencies.get("avg_agent_latency"))
    return measured(latencies.get(figure.removeprefix("latency.") + "_agent_latency"))


def value_of(rule: Rule, conversation: Json) -> Value | None:
    """Return the figure of a conversation, latencies in the run's unit and durations in milliseconds."""
    evaluations = last_evaluations(conversation)
    if rule.is_metric:
        answers = []
        for evaluation in evaluations:
            metrics = evaluation.get("custom_metrics") or []
            answers.append(agreed([answer(each) for each in metrics if each["name"] == rule.figure]))
        return agreed(answers)
    if rule.figure == "duration":
        start, end = conversation.get("start_time"), conversation.get("end_time")
        return (moment(end) - moment(start)) * 1000 if start and end else None
    return agreed([in_evaluation(rule.figure, each) for each in evaluations])


def latency_unit(conversations: Sequence[Json]) -> Unit:
    """Return the unit of a run's latencies."""
    rule = Rule("mean", "latency.average", "<=", "0", "ms")
    averages = sorted(value for each in conversations if (value := value_of(rule, each)) is not None)
    middle = averages[(len(averages) - 1) // 2] if averages else SECONDS_BELOW
    if middle < SECONDS_BELOW and averages[-1] <= MILLISECONDS_ABOVE:
        return "s"
    if middle > MILLISECONDS_ABOVE and averages[0] >= SECONDS_BELOW:
        return "ms"
    raise UnreadableError


def aggregated(aggregate: str, values: Sequence[Value]) -> Fraction:
    """Return the aggregate of values, which is an observed value but for the mean and the rate."""
    ordered = sorted(Fraction(value) for value in values)
    if aggregate in {"mean", "rate"}:
        return sum(ordered, Fraction(0)) / len(ordered)
    if aggregate in {"median", "min", "max"}:
        return ordered[{"median": (len(ordered) - 1) // 2, "min": 0, "max": -1}[aggregate]]
    share = {
        "p90": Fraction(90, 100),
        "p95": Fraction(95, 100),
        "p10": Fraction(90, 100),
        "p5": Fraction(95, 100),
    }
    needed = ceil(share[aggregate] * len(ordered))
    return ordered[needed - 1] if aggregate in {"p90", "p95"} else ordered[-needed]


def judged(rule: Rule, reading: Reading, unit: Unit | None) -> Finding:
    """Return whether a run keeps a rule about a figure."""
    conversations = [
        each
        for each, outcome in zip(reading.conversations, reading.outcomes, strict=True)
        if outcome != "void"
    ]
    try:
        values = [value for each in conversations if (value := value_of(rule, each)) is not None]
        if rule.figure.startswith("latency.") and not rule.is_metric:
            factor = 1000 if (unit or latency_unit(conversations)) == "s" else 1
            values = [Fraction(value) * factor for value in values]
    except UnreadableError:
        return "inconclusive"
    types_fit = all(isinstance(value, bool) == (rule.aggregate == "rate") for value in values)
    if not values or 2 * len(values) < len(conversations) + reading.missing or not types_fit:
        return "inconclusive"
    value = aggregated(rule.aggregate, values)
    limit = Fraction(rule.limit) * FACTORS[rule.unit]
    kept = {"<=": value <= limit, "<": value < limit, ">=": value >= limit, ">": value > limit}
    return "kept" if kept[rule.operator] else "broken"
