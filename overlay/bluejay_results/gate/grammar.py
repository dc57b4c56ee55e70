"""Parses rules about figures, such as `p90(latency.p95) <= 1500 ms`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import cast

from ..errors import UsageError
from .aggregates import Aggregate
from .figure_rule import FIGURES, FLAGS, LATENCIES, UNQUOTED, FigureRule, Operator, Unit

_FORM = re.compile(
    r"""\s* (?P<aggregate> [\w.-]* ) \s* (?P<open> \(? )
    \s* (?P<figure> "(?: [^"\\] | \\. )+" | [\w.-]* ) \s* (?P<close> \)? )
    \s* (?P<operator> [<>=!]* )
    \s* (?P<limit> (?: [-+]? (?: [0-9]+ \.? [0-9]* | \. [0-9]+ ) (?: [eE] [-+]? [0-9]+ )? )? )
    \s* (?P<unit> % | \w* ) \s* (?P<rest> .* )""",
    re.VERBOSE,
)
"""Matches any text. A missing part is empty and has the position where it was expected."""

_MAXIMUM, _MINIMUM = (Operator.AT_MOST, Operator.BELOW), (Operator.AT_LEAST, Operator.ABOVE)
_OPERATORS = {
    **dict.fromkeys((Aggregate.P90, Aggregate.P95, Aggregate.MAX), _MAXIMUM),
    **dict.fromkeys((Aggregate.P5, Aggregate.P10, Aggregate.MIN), _MINIMUM),
}
"""The operators of the aggregates that take only two. With the others, one good conversation would decide."""
_QUOTING = "a name needs quotes if it has characters other than letters, digits, _, - and ."


class _Parts:
    """The parts of a text by name."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._match = cast("re.Match[str]", _FORM.match(text))

    def __getitem__(self, name: str) -> str:
        return self._match[name]

    def check(self, name: str, is_valid: bool, problem: str) -> None:
        """Raise UsageError with the position of the part, counted from 1, unless the part is valid."""
        if not is_valid:
            text = f"'{self.text}'" if self.text.isprintable() else repr(self.text)
            position = self._match.start(name) + 1
            raise UsageError(
                f"require: {text} is wrong at character {position}: {problem}. "
                "A valid rule is 'p90(latency.p95) <= 1500 ms'."
            )


def parse_rule(text: str) -> FigureRule:
    """Read a rule from a text; raise UsageError if the text isn't a rule."""
    parts = _Parts(text)
    parts.check("aggregate", parts["aggregate"] in set(Aggregate), f"expected {_either(Aggregate)}")
    aggregate = Aggregate(parts["aggregate"])
    parts.check("open", parts["open"] != "", "expected ( after the aggregate")
    figure, is_metric = _figure(parts)
    parts.check("close", parts["close"] != "", f"expected ) after the figure ({_QUOTING})")
    is_rate, is_flag = aggregate is Aggregate.RATE, figure in FLAGS and not is_metric
    parts.check("aggregate", is_rate or not is_flag, f"{figure} is yes or no, so only rate fits it")
    is_time = not is_metric and not is_flag
    parts.check("aggregate", not (is_rate and is_time), f"{figure} is a time, so rate doesn't fit it")

    operators = _OPERATORS.get(aggregate, tuple(Operator))
    parts.check("operator", parts["operator"] in set(Operator), f"expected {_either(operators)}")
    parts.check("operator", parts["operator"] in operators, f"{aggregate} takes only {_either(operators)}")

    limit = float(parts["limit"] or math.nan)
    parts.check("limit", math.isfinite(limit), "expected a number")
    if is_rate:
        parts.check("limit", 0 <= limit <= 100, "a percentage is from 0 to 100")
        parts.check("unit", parts["unit"] == "%", "a rate needs % after its limit")
    elif is_metric:
        parts.check("unit", parts["unit"] == "", "a metric has a unit only with rate")
    else:
        parts.check("unit", parts["unit"] in {"ms", "s"}, "a time needs ms or s after its limit")
    parts.check("rest", parts["rest"] == "", "expected nothing after the rule")
    unit = Unit(parts["unit"]) if parts["unit"] else None
    return FigureRule(aggregate, figure, is_metric, Operator(parts["operator"]), limit, unit)


def _figure(parts: _Parts) -> tuple[str, bool]:
    """Return the name of the figure, and whether the figure is a custom metric."""
    text = parts["figure"]
    if text.startswith('"'):
        try:
            return cast("str", json.loads(text, strict=False)), True
        except ValueError:
            parts.check("figure", False, r"a name in quotes needs \" for a quote and \\ for a backslash")
    is_name = UNQUOTED.fullmatch(text) is not None
    parts.check("figure", is_name, f"expected {', '.join(FIGURES)} or the name of a metric ({_QUOTING})")
    is_known = text in FIGURES or not text.startswith("latency.")
    parts.check("figure", is_known, f"expected {_either(LATENCIES)} (the name of a metric needs quotes here)")
    return text, text not in FIGURES


def _either(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} or {last}"
