"""The rules of a gate: their defaults, and the checks of their values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from attrs import field, fields, frozen

from ..errors import UsageError
from ..judging.measurement import MAX_VOID, MIN_CONVERSATIONS
from ..results.latency import LatencyUnit
from .figure_rule import FigureRule, check_distinct, parse_rule


def _number(name: str, value: Any) -> float:
    """Return a finite number as a float; raise UsageError for anything else, even for a string of digits."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        read = float(value) if is_number else math.nan
    except OverflowError:
        read = math.nan
    if not math.isfinite(read):
        advice = " Leave the % out." if isinstance(value, str) and value.strip().endswith("%") else ""
        raise UsageError(f"{name} must be a number, got {value!r}.{advice}")
    return read


def _percentage(name: str, value: Any) -> float:
    read = _number(name, value)
    if not 0 <= read <= 100:
        raise UsageError(f"{name} must be a percentage from 0 to 100, got {read:g}.")
    return read


def _minimum(name: str, value: Any) -> float:
    """Return a minimum in percent. A value above 0, up to 1, is refused, because it looks like a fraction."""
    read = _percentage(name, value)
    if 0 < read <= 1:
        raise UsageError(f"{name}: {read:g} means {read:g} %; did you mean {read * 100:g}?")
    return read


def _count(name: str, value: Any, least: int) -> int:
    read = _number(name, value)
    if read != int(read) or read < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, got {read:g}.")
    return int(read)


def _parsed(rules: Sequence[FigureRule | str] | str) -> tuple[FigureRule, ...]:
    return _figure_rules("require", rules)


def _figure_rules(name: str, rules: Any) -> tuple[FigureRule, ...]:
    given = [rules] if isinstance(rules, str | FigureRule) else rules
    if not isinstance(given, list | tuple) or not all(isinstance(each, str | FigureRule) for each in given):
        raise UsageError(f"{name}: expected a rule or a list of rules, got {rules!r}.")
    found = tuple(parse_rule(each) if isinstance(each, str) else each for each in given)
    check_distinct(found)
    return found


def _unit(name: str, value: Any) -> LatencyUnit | None:
    if value is not None and value not in set(LatencyUnit):
        raise UsageError(f"{name} must be ms or s, got {value!r}.")
    return None if value is None else LatencyUnit(value)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name} must be true or false, got {value!r}.")
    return value


def _rule(default: Any, check: Callable[[str, Any], Any]) -> Any:
    """Declare a rule. `check` takes the name and a value; it returns the value or raises UsageError."""
    return field(default=default, metadata={"check": check})


@frozen(kw_only=True)
class Rules:
    """The rules that a run must keep to ship. A percentage is from 0 to 100.

    Attributes:
        min_pass_rate: The minimum pass rate in percent, even if every unknown conversation failed; 0 turns
            the rule off.
        max_always_failing: The maximum number of callers that always fail. Only callers with at least five
            conversations count.
        require: Rules about figures, as text such as `p90(latency.p95) <= 1500 ms`, or parsed.
        confident: Judge the ends of the 95 % interval instead of the pass rate.
        min_conversations: The minimum number of conversations that passed or failed.
        max_void: The maximum percentage of conversations that are void or missing.
        no_counters: Don't compare the run's counters with its conversations.
        latency_unit: The unit of latencies; None to infer it from the run's latencies.

    Raises:
        UsageError: A value is invalid.
    """

    min_pass_rate: float = _rule(80.0, _minimum)
    max_always_failing: int = _rule(0, partial(_count, least=0))
    require: tuple[FigureRule, ...] = field(default=(), converter=_parsed, metadata={"check": _figure_rules})
    confident: bool = _rule(False, _switch)
    min_conversations: int = _rule(MIN_CONVERSATIONS, partial(_count, least=1))
    max_void: float = _rule(MAX_VOID, _percentage)
    no_counters: bool = _rule(False, _switch)
    latency_unit: LatencyUnit | None = _rule(None, _unit)  # noqa: RUF009 - it returns a field of attrs

    def __attrs_post_init__(self) -> None:
        """Check every value, and store what the check returns."""
        for each in fields(type(self)):
            checked = each.metadata["check"](each.name, getattr(self, each.name))
            object.__setattr__(self, each.name, checked)
