"""A gate's rules, their defaults, and the validation of their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from attrs import field, fields, frozen

from ..errors import UsageError
from ..measuring.measurement import MeasurementRules
from ..results.latency import LatencyUnit
from .figure_rule import FigureRule
from .max_always_failing import MaxAlwaysFailing
from .must_pass import MustPass
from .pass_rate_rules import ConfidentMinPassRate, MinPassRate
from .rule import RunRule
from .rule_syntax import parse_rule

_DIGITS = re.compile(r"[0-9]{1,19}")


def _number(name: str, value: Any) -> float:
    """Return a finite number as a float; raise UsageError for anything else, even a numeric string."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        read = float(value) if is_number else math.nan
    except OverflowError:
        read = math.nan
    if not math.isfinite(read):
        advice = " Leave out the %." if isinstance(value, str) and value.strip().endswith("%") else ""
        raise UsageError(f"{name} must be a number, got {value!r}.{advice}")
    return read


def _percentage(name: str, value: Any, *, is_1_a_fraction: bool) -> float:
    """Return a percentage. A value between 0 and 1 is rejected because it looks like a fraction."""
    read = _number(name, value)
    if not 0 <= read <= 100:
        raise UsageError(f"{name} must be a percentage from 0 to 100, got {read:g}.")
    if 0 < read < 1 or (read == 1 and is_1_a_fraction):
        raise UsageError(f"{name}: {read:g} means {read:g} %; did you mean {read * 100:g}?")
    return read


def _count(name: str, value: Any, least: int) -> int:
    read = _number(name, value)
    if read != int(read) or read < least:
        raise UsageError(f"{name} must be a whole number of at least {least}, got {read:g}.")
    return int(read)


def _figure_rules(name: str, rules: Any) -> tuple[FigureRule, ...]:
    given = [rules] if isinstance(rules, str | FigureRule) else rules
    if not isinstance(given, list | tuple) or not all(isinstance(each, str | FigureRule) for each in given):
        raise UsageError(f"{name}: expected a rule or a list of rules, got {rules!r}.")
    found = tuple(parse_rule(each) if isinstance(each, str) else each for each in given)
    seen = dict[object, FigureRule]()
    for rule in found:
        same = seen.setdefault((rule.subject, rule.operator), rule)
        if same is not rule:
            raise UsageError(f"{name}: '{rule}' repeats the rule '{same}'. Remove one of them.")
    return found


def _callers(name: str, ids: Any) -> tuple[int, ...]:
    given = ids if isinstance(ids, list | tuple) else [ids]
    found = []
    for each in given:
        is_id = isinstance(each, int | str) and not isinstance(each, bool) and _DIGITS.fullmatch(str(each))
        if not is_id:
            raise UsageError(f"{name}: {each!r} isn't a caller (digital human) id. Pass an id such as 57.")
        if int(each) in found:
            advice = "List each caller only once; options add to the stored rules."
            raise UsageError(f"{name}: caller {each} is listed twice. {advice}")
        found.append(int(each))
    return tuple(found)


def _parsed(rules: Sequence[FigureRule | str] | FigureRule | str) -> tuple[FigureRule, ...]:
    return _figure_rules("require", rules)


def _ids(callers: Sequence[int | str] | int | str) -> tuple[int, ...]:
    return _callers("must_pass", callers)


def _unit(name: str, value: Any) -> LatencyUnit | None:
    if value is not None and value not in list(LatencyUnit):
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
    """The rules that a run must keep before you ship. Percentages range from 0 to 100.

    Attributes:
        min_pass_rate: The minimum pass rate in percent, even if every unknown conversation failed. 0 disables
            the rule.
        max_always_failing: The maximum number of callers that always fail. Only callers with at least five
            conversations count.
        must_pass: The ids of callers (digital humans) that must pass: across all runs, at least one of each
            caller's conversations passed and none failed.
        require: Rules about figures, either parsed or as text such as `p90(latency.p95) <= 1500 ms`.
        confident: Compare the minimum with the ends of the 95 % interval instead of the pass rate.
        min_conversations: The minimum number of conversations that passed or failed.
        max_void: The maximum percentage of conversations that are void or missing.
        no_counters: Don't compare the run's counters with its conversations.
        latency_unit: The unit of latencies; None to infer it from their values.

    Raises:
        UsageError: A value is invalid.
    """

    min_pass_rate: float = _rule(80.0, partial(_percentage, is_1_a_fraction=True))
    max_always_failing: int = _rule(0, partial(_count, least=0))
    must_pass: tuple[int, ...] = field(default=(), converter=_ids, metadata={"check": _callers})
    require: tuple[FigureRule, ...] = field(default=(), converter=_parsed, metadata={"check": _figure_rules})
    confident: bool = _rule(False, _switch)
    min_conversations: int = _rule(MeasurementRules().min_conversations, partial(_count, least=1))
    max_void: float = _rule(MeasurementRules().max_void, partial(_percentage, is_1_a_fraction=False))
    no_counters: bool = _rule(False, _switch)
    latency_unit: LatencyUnit | None = _rule(None, _unit)  # noqa: RUF009 - it returns a field of attrs

    def __attrs_post_init__(self) -> None:
        """Check every value, and store what the check returns."""
        for each in fields(type(self)):
            checked = each.metadata["check"](each.name, getattr(self, each.name))
            object.__setattr__(self, each.name, checked)

    @property
    def measurement(self) -> MeasurementRules:
        """The conditions that a run must meet to be a measurement."""
        return MeasurementRules(self.min_conversations, self.max_void, self.no_counters)

    @property
    def for_each_run(self) -> Iterator[RunRule]:
        """The enabled rules that check each run separately."""
        if self.min_pass_rate > 0:
            yield (ConfidentMinPassRate if self.confident else MinPassRate)(self.min_pass_rate)
        yield MaxAlwaysFailing(self.max_always_failing)
        yield from self.require

    @property
    def for_all_runs(self) -> tuple[MustPass, ...]:
        """The rules that span all runs."""
        return tuple(map(MustPass, self.must_pass))
