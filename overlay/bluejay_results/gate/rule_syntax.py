"""Parses rules about figures, such as `p90(latency.p95) <= 1500 ms`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import cast

from ..errors import UsageError
from ..results.aggregate import DO_NOT_EXCEED, REACH, Aggregate
from ..results.figures import FIGURES, FLAGS, LATENCIES
from .figure_rule import COMPARE, FigureRule, Operator, Unit

_EXAMPLES = "'p90(latency.p95) <= 1500 ms' and 'rate(hallucination) <= 5 %'"
_UPPER_LIMITS = (Operator.AT_MOST, Operator.BELOW)
_RULE = re.compile(
    rf"""\s* (?P<aggregate> {"|".join(Aggregate)} ) \s* \( \s*
    (?P<figure> "(?: [^"\\] | \\. )+" | [\w.-]+ ) \s* \) \s* (?P<operator> [<>]=? ) \s*
    (?P<limit> [-+]? (?: [0-9]+ \.? [0-9]* | \. [0-9]+ ) (?: [eE] [-+]? [0-9]+ )? ) \s*
    (?P<unit> % | ms | s | ) \s*""",
    re.VERBOSE,
)


def parse_rule(text: str) -> FigureRule:
    """Parse a rule; raise UsageError if the text isn't a rule."""
    try:
        return _parsed(text)
    except ValueError as error:
        shown = f"'{text}'" if text.isprintable() else repr(text)
        raise UsageError(
            f"require: {shown} isn't a valid rule, because {error}. Examples: {_EXAMPLES}."
        ) from None


def _parsed(text: str) -> FigureRule:
    """Parse a rule; raise ValueError with the reason if the text isn't a rule."""
    match = _RULE.fullmatch(text)
    if match is None:
        raise ValueError(
            "it doesn't have the form AGGREGATE(FIGURE) OPERATOR NUMBER UNIT. A figure needs quotes if it "
            f"contains anything but letters, digits, _, - and dots. The aggregates are {', '.join(Aggregate)}"
        )
    aggregate, name, unit = Aggregate(match["aggregate"]), match["figure"], match["unit"]
    is_quoted, limit = name.startswith('"'), float(match["limit"])
    figure = cast("str", json.loads(name, strict=False)) if is_quoted else name
    is_metric, is_rate = is_quoted or name not in FIGURES, aggregate is Aggregate.RATE
    is_flag = figure in FLAGS and not is_metric
    is_better_low = not is_metric and figure != "duration"
    allowed, compared = _operators(aggregate), Operator(match["operator"])
    met = {COMPARE[compared](end, limit) for end in _ends(figure, is_metric=is_metric, is_rate=is_rate)}
    for is_wrong, problem in (
        (
            is_metric and not is_quoted and name.startswith("latency."),
            f"{name} is not {_either(LATENCIES)} (a metric name needs quotes here)",
        ),
        (is_flag and not is_rate, f"{figure} is a yes/no answer, so only rate applies"),
        (is_rate and not is_flag and not is_metric, f"{figure} is a time, so rate doesn't apply"),
        (
            is_better_low and aggregate in REACH,
            f"{aggregate} doesn't apply, because less is better for {figure}",
        ),
        (
            is_better_low and compared not in _UPPER_LIMITS,
            f"less is better for {figure}, so the operator must be {_either(_UPPER_LIMITS)}",
        ),
        (compared not in allowed, f"with {aggregate}, the operator must be {_either(allowed)}"),
        (not math.isfinite(limit), "the number is too large"),
        (is_rate and not 0 <= limit <= 100, "a percentage must be between 0 and 100"),
        (is_rate and unit != "%", "a rate needs the unit %"),
        (is_metric and not is_rate and unit, "a metric has no unit, except for % with rate"),
        (not is_metric and not is_rate and unit not in {"ms", "s"}, "a time needs the unit ms or s"),
        (met == {True}, "every value meets it"),
        (met == {False}, "no value can meet it"),
    ):
        if is_wrong:
            raise ValueError(problem)
    return FigureRule(aggregate, figure, is_metric, compared, limit, Unit(unit) if unit else None)


def _ends(figure: str, *, is_metric: bool, is_rate: bool) -> tuple[float, float]:
    """Return the smallest and the largest possible value. A latency of 0 means that it wasn't measured."""
    if is_rate:
        return 0.0, 100.0
    return -math.inf if is_metric else 0.0 if figure == "duration" else math.ulp(0.0), math.inf


def _operators(kind: Aggregate) -> tuple[Operator, ...]:
    """Return the operators that fit an aggregate.

    For example, `>=` doesn't fit `max`, because a single high value would be enough to keep `max(x) >= 4`.
    """
    if kind in REACH:
        return Operator.AT_LEAST, Operator.ABOVE
    is_upper_end = kind in DO_NOT_EXCEED and kind is not Aggregate.MEDIAN
    return _UPPER_LIMITS if is_upper_end else tuple(Operator)


def _either(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} or {last}"
