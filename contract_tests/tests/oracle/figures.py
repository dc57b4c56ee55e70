"""A second implementation of the rules about figures, written only from the definitions."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf
from operator import ge, gt, le, lt
from typing import Literal, cast

from .outcomes import Json, Reading, answer_in, last_evaluations, moment

Finding = Literal["kept", "broken", "inconclusive"]
Unit = Literal["ms", "s"]
Value = bool | Fraction
NotApplicable = Literal["not applicable"]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
YES_OR_NO = {"yes": True, "pass": True, "true": True, "no": False, "fail": False, "false": False}
YES_OR_NO_TYPES = {"pass_fail", "yes_no", "tool_call"}
FLAGS = ("hallucination", "redundancy")
AGGREGATES = ("mean", "median", "min", "max", "p5", "p10", "p90", "p95", "rate")
SHARES = {"p90": Fraction(90, 100), "p95": Fraction(95, 100)}
SHARES |= {"p10": SHARES["p90"], "p5": SHARES["p95"]}
COMPARE = {"<=": le, "<": lt, ">=": ge, ">": gt}
LATENCIES = [f"latency.{each}" for each in ("average", "p50", "p90", "p95", "p99", "max")]
SMALLEST_LATENCY = Fraction(1, 10**9)  # 0 means not measured
SECONDS_BELOW, MILLISECONDS_ABOVE = 20, 200


class UnreadableError(Exception):
    """A figure's unit, its type or one of its answers can't be determined."""


@dataclass(frozen=True)
class Rule:
    """A parsed rule; a quoted figure is always a custom metric's name."""

    aggregate: str
    figure: str
    operator: str
    limit: str
    unit: str = ""
    quoted: bool = False

    @property
    def is_latency(self) -> bool:
        return self.figure.startswith("latency.") and not self.quoted

    @property
    def is_metric(self) -> bool:
        return self.quoted or not (self.is_latency or self.figure in {"duration", *FLAGS})

    @property
    def extremes(self) -> tuple[float | Fraction, float | Fraction]:
        """The lowest and the highest value that the figure could have."""
        if self.aggregate == "rate":
            return 0, 100
        return -inf if self.is_metric else SMALLEST_LATENCY if self.is_latency else 0, inf

    @property
    def faults(self) -> list[str]:
        """Return why the rule is wrong usage, whatever the run."""
        is_time = not self.is_metric and self.figure not in FLAGS
        less_is_better = self.is_latency or (self.figure in FLAGS and not self.quoted)
        low, high = (COMPARE[self.operator](each, Fraction(self.limit)) for each in self.extremes)
        units = {"%"} if self.aggregate == "rate" else {"ms", "s"} if is_time else {""}
        upwards = self.operator in {">=", ">"}
        found = {
            "figure": self.is_latency and self.figure not in LATENCIES,
            "unit": self.unit not in units,
            "direction": upwards and less_is_better,
            "aggregate": self.aggregate in ({"p90", "p95", "max"} if upwards else {"p5", "p10", "min"}),
            "never broken": low and high,
            "never kept": not low and not high,
        }
        return [name for name, is_so in found.items() if is_so]

    def __str__(self) -> str:
        figure = f'"{self.figure}"' if self.quoted else self.figure
        return f"{self.aggregate}({figure}) {self.operator} {self.limit} {self.unit}".strip()


def answer(metric: Json) -> Value | NotApplicable:
    text, kind = answer_in(metric, "response_value").strip().lower(), metric["response_type"]
    if kind in {*YES_OR_NO_TYPES, "quantitative"}:
        if text in {"not applicable", "n/a"}:
            return "not applicable"
        if kind == "quantitative" and NUMBER.fullmatch(text) and in_range(Fraction(text), metric):
            return Fraction(text)
        if kind != "quantitative" and text in YES_OR_NO:
            return YES_OR_NO[text]
    raise UnreadableError


def in_range(value: Fraction, metric: Json) -> bool:
    """Return whether a value is on the metric's scale."""
    low, high = metric.get("min_value"), metric.get("max_value")
    return (low is None or value >= low) and (high is None or value <= high)


def agreed(values: Sequence[Value | NotApplicable | None]) -> Value | NotApplicable | None:
    """Return the value that all sources agree on; raise UnreadableError if they disagree."""
    if len({(type(value), value) for value in values}) > 1:
        raise UnreadableError
    return values[0] if values else None


def in_evaluation(rule: Rule, evaluation: Json) -> Value | NotApplicable | None:
    """Return an evaluation's figure; None if it is absent, or a latency of 0, which means not measured."""
    if rule.is_metric:
        metrics = evaluation.get("custom_metrics") or []
        return agreed([answer(each) for each in metrics if each["name"] == rule.figure])
    if rule.figure in FLAGS:
        return cast("bool | None", answer_in(evaluation, rule.figure))
    return latency_in(evaluation, rule.figure)


def latency_in(evaluation: Json, figure: str) -> Fraction | None:
    """Return an evaluation's latency in the run's unit; None if it was not measured.

    The definitions don't say which of two different averages counts. This one is beside the percentiles.
    """
    name = figure.removeprefix("latency.").replace("average", "avg") + "_agent_latency"
    latency = (evaluation.get("latency") or {}).get(name)
    if figure == "latency.average":
        latency = latency or evaluation["avg_agent_latency"]
    return Fraction(str(latency)) if latency else None


def value_of(rule: Rule, conversation: Json) -> Value | NotApplicable | None:
    """Return a conversation's figure: latencies in the run's unit, durations in milliseconds."""
    if rule.figure == "duration" and not rule.is_metric:
        start, end = conversation.get("start_time"), conversation.get("end_time")
        seconds = (moment(end) - moment(start)).total_seconds() if start and end else -1
        return Fraction(seconds) * 1000 if seconds >= 0 else None
    return agreed([in_evaluation(rule, each) for each in last_evaluations(conversation)])


def latency_unit(conversations: Sequence[Json]) -> Unit:
    """Return a run's latency unit; of a conversation's evaluations that might be the latest, one is used."""
    last = [evaluation for each in conversations for evaluation in last_evaluations(each)[-1:]]
    found = (latency_in(each, "latency.average") for each in last)
    averages = sorted(value for value in found if value is not None)
    middle = averages[(len(averages) - 1) // 2] if averages else SECONDS_BELOW
    if middle < SECONDS_BELOW and averages[-1] <= MILLISECONDS_ABOVE:
        return "s"
    if middle > MILLISECONDS_ABOVE and averages[0] >= SECONDS_BELOW:
        return "ms"
    raise UnreadableError


def aggregated(aggregate: str, values: Sequence[Value]) -> Fraction:
    """Aggregate values. The result is one of the values, except for a mean or a rate (in percent)."""
    ordered = sorted(map(Fraction, values), key=float)
    if aggregate in {"mean", "rate"}:
        return sum(ordered, Fraction(0)) / len(ordered) * (100 if aggregate == "rate" else 1)
    if aggregate in {"median", "min", "max"}:
        return ordered[{"median": (len(ordered) - 1) // 2, "min": 0, "max": -1}[aggregate]]
    needed = ceil(SHARES[aggregate] * len(ordered))
    return ordered[needed - 1] if aggregate in {"p90", "p95"} else ordered[-needed]


@dataclass(frozen=True)
class Figure:
    """An aggregated figure; times are in milliseconds.

    `sample` conversations of `total` have it. `is_absent` is whether no conversation has an answer, not even
    one that can't be read.
    """

    value: Fraction | None
    sample: int = 0
    total: int = 0
    is_absent: bool = False


def not_void(reading: Reading) -> list[Json]:
    outcomes = zip(reading.conversations, reading.outcomes, strict=True)
    return [each for each, outcome in outcomes if outcome != "void"]


def unit_in(conversations: Sequence[Json]) -> Unit | None:
    """Return the latency unit; None if it can't be determined."""
    with suppress(UnreadableError):
        return latency_unit(conversations)
    return None


Answers = list[Value | NotApplicable | None]


def answers_to(rule: Rule, conversations: Sequence[Json]) -> Answers | None:
    """Return each conversation's answer to a figure, whatever its aggregate; None if one can't be read."""
    with suppress(UnreadableError):
        return [value_of(rule, each) for each in conversations]
    return None


def figure(rule: Rule, found: Answers | None, missing: int, unit: Unit | None) -> Figure:
    """Return the figure of a rule, whatever its limit."""
    if found is None:
        return Figure(None)
    answers = [each for each in found if each != "not applicable"]
    values = [each for each in answers if each is not None]
    total = len(answers) + missing
    if not all(isinstance(value, bool) == (rule.aggregate == "rate") for value in values):
        return Figure(None)
    if values and rule.is_latency:
        if unit is None:
            return Figure(None)
        values = [Fraction(value) * (1000 if unit == "s" else 1) for value in values]
    if not values or 2 * len(values) < total:
        return Figure(None, is_absent=not values)
    return Figure(aggregated(rule.aggregate, values), len(values), total)


def measured(
    asked: Sequence[Rule], conversations: Sequence[Json], missing: int, unit: Unit | None
) -> list[tuple[Rule, Figure]]:
    """Return these figures of conversations, none of which is void."""
    answers: dict[tuple[str, bool], Answers | None] = {}
    found = []
    for rule in asked:
        key = rule.figure, rule.is_metric
        if key not in answers:
            answers[key] = answers_to(rule, conversations)
        found.append((rule, figure(rule, answers[key], missing, unit)))
    return found


def judged(rule: Rule, reading: Reading, unit: Unit | None) -> tuple[Finding, Fraction | None]:
    """Return the finding of a rule about a figure, and the aggregated value; times are in milliseconds."""
    conversations, factor = not_void(reading), 1000 if rule.unit == "s" else 1
    [(_, found)] = measured([rule], conversations, reading.missing, unit or unit_in(conversations))
    value = found.value
    if value is None:
        return "inconclusive", None
    return "kept" if COMPARE[rule.operator](value, factor * Fraction(rule.limit)) else "broken", value


def metrics(*sides: Sequence[Json]) -> dict[str, set[str]]:
    """Return the types of each metric in the evaluations that might be the latest."""
    found: dict[str, set[str]] = {}
    for each in (each for side in sides for each in side):
        for evaluation in last_evaluations(each):
            for metric in evaluation.get("custom_metrics") or []:
                found.setdefault(metric["name"], set()).add(metric["response_type"])
    return found


def of_metrics(*sides: Sequence[Json]) -> list[Rule]:
    """Return the figure of each metric that has an order: a rate of yes and no, otherwise a mean."""
    return [
        asked("rate" if types <= YES_OR_NO_TYPES else "mean", name, quoted=True)
        for name, types in metrics(*sides).items()
        if types & {*YES_OR_NO_TYPES, "quantitative"}
    ]


def asked(aggregate: str, name: str, *, quoted: bool = False) -> Rule:
    """Return a figure without a limit."""
    return Rule(aggregate, name, "<=", "0", quoted=quoted)


def all_figures(*sides: Sequence[Json]) -> list[Rule]:
    """Return each figure with each aggregate that fits it."""
    numbers = [each for each in AGGREGATES if each != "rate"]
    times = [asked(kind, name) for name in (*LATENCIES, "duration") for kind in numbers]
    of_types = [asked(kind, name, quoted=True) for name in metrics(*sides) for kind in AGGREGATES]
    return times + [asked("rate", name) for name in FLAGS] + of_types


COMPARED = [
    *(asked("median", name) for name in ("latency.average", "latency.p95")),
    *(asked("rate", name) for name in FLAGS),
]
"""The figures that a comparison shows, in addition to the runs' metrics."""
