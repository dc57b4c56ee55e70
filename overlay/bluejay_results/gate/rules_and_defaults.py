"""Declares the rules of a gate. Their options and TOML keys are derived from these declarations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from attrs import field, fields, frozen

from ..errors import UsageError
from ..judging.measurement import MAX_VOID, MIN_CONVERSATIONS
from ..judging.thresholds import count, minimum_percentage, number, percentage
from ..results.latency import LatencyUnit
from .figure_rule import FigureRule, check_distinct
from .grammar import parse_rule


def number_in_text(name: str, text: str) -> float:
    """Return the number in a text; raise UsageError for any other text."""
    try:
        return number(name, float(text))
    except ValueError:
        return number(name, text)


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


def _rule(default: Any, check: Callable[[str, Any], Any], metavar: str, text: str) -> Any:
    """Declare a rule, from which its option and its TOML key are made.

    `check` takes the name and a value, and returns the value to store or raises UsageError. `metavar` is the
    placeholder for the option's value, such as PERCENT; empty for a switch. `text` is the option's help.
    """
    return field(default=default, metadata={"check": check, "metavar": metavar, "help": text})


@frozen(kw_only=True)
class Rules:
    """The rules that a run must keep to ship. A percentage is from 0 to 100.

    Attributes:
        min_pass_rate: The minimum pass rate in percent, even if every unknown conversation failed; 0 turns
            the rule off.
        max_always_failing: The maximum number of callers that always fail, of those with at least five
            conversations.
        require: Rules about figures, as text such as `p90(latency.p95) <= 1500 ms`, or parsed.
        confident: Judge the ends of the 95 % interval instead of the pass rate.
        min_conversations: The minimum number of conversations that passed or failed.
        max_void: The maximum percentage of conversations that are void or missing.
        counters: Whether the run's counters must match its conversations.
        latency_unit: The unit of latencies; None to infer it from the run's latencies.

    Raises:
        UsageError: A value is invalid.
    """

    min_pass_rate: float = _rule(
        80.0,
        minimum_percentage,
        "PERCENT",
        "The minimum pass rate, even if every unknown conversation failed (default: 80; 0: off).",
    )
    max_always_failing: int = _rule(
        0,
        partial(count, least=0),
        "COUNT",
        "The maximum number of callers that always fail, of those with at least five conversations (default: "
        "0).",
    )
    require: tuple[FigureRule, ...] = field(
        default=(),
        converter=_parsed,
        metadata={
            "check": _figure_rules,
            "metavar": "RULE",
            "help": "A rule about a figure, such as 'p90(latency.p95) <= 1500 ms' or 'rate(hallucination) <= "
            "5 %'. May be repeated.",
        },
    )
    confident: bool = _rule(
        False, _switch, "", "Judge the ends of the 95 % interval instead of the pass rate."
    )
    min_conversations: int = _rule(
        MIN_CONVERSATIONS,
        partial(count, least=1),
        "COUNT",
        "The minimum number of conversations that passed or failed (default: 1).",
    )
    max_void: float = _rule(
        MAX_VOID,
        percentage,
        "PERCENT",
        "The maximum percentage of conversations that are void or missing (default: 20).",
    )
    counters: bool = _rule(True, _switch, "", "Don't compare the run's counters with its conversations.")
    latency_unit: LatencyUnit | None = _rule(  # noqa: RUF009 - it returns attrs' field
        None, _unit, "ms|s", "The unit of latencies (default: inferred from the latencies)."
    )

    def __attrs_post_init__(self) -> None:
        """Check every value, and store what the check returns."""
        for each in fields(type(self)):
            checked = each.metadata["check"](each.name, getattr(self, each.name))
            object.__setattr__(self, each.name, checked)
