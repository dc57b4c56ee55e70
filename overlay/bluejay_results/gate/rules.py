"""Declares the rules of a gate in `Rules`, from which options, TOML keys, defaults and checks are made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from attrs import Attribute, field, fields, frozen

from ..errors import UsageError
from ..judging.measurement import MAX_VOID, MIN_CONVERSATIONS
from ..results.latency import LatencyUnit
from .figure_rule import FigureRule, check_distinct, parse_rule

TABLE = "tool.bluejay-results.gate"
"""The TOML table with the rules."""
_NUMBERS = frozenset({"PERCENT", "COUNT"})


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

    min_pass_rate: float = _rule(
        80.0,
        _minimum,
        "PERCENT",
        "The minimum pass rate, counting unknown conversations as failed (default: 80; 0: off).",
    )
    max_always_failing: int = _rule(
        0,
        partial(_count, least=0),
        "COUNT",
        "The maximum number of callers that always fail. Only callers with at least five conversations count "
        "(default: 0).",
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
        False, _switch, "", "Compare the 95 % interval, instead of the pass rate, with the minimum."
    )
    min_conversations: int = _rule(
        MIN_CONVERSATIONS,
        partial(_count, least=1),
        "COUNT",
        "The minimum number of conversations that passed or failed (default: 1).",
    )
    max_void: float = _rule(
        MAX_VOID,
        _percentage,
        "PERCENT",
        "The maximum percentage of conversations that are void or missing (default: 20).",
    )
    no_counters: bool = _rule(False, _switch, "", "Don't compare the run's counters with its conversations.")
    latency_unit: LatencyUnit | None = _rule(  # noqa: RUF009 - it returns a field of attrs
        None, _unit, "ms|s", "The unit of latencies (default: inferred from the latencies)."
    )

    def __attrs_post_init__(self) -> None:
        """Check every value, and store what the check returns."""
        for each in fields(type(self)):
            checked = each.metadata["check"](each.name, getattr(self, each.name))
            object.__setattr__(self, each.name, checked)


SETTINGS: Mapping[str, Attribute[Any]] = {each.name.replace("_", "-"): each for each in fields(Rules)}
"""The fields of `Rules` by the names of their options and TOML keys."""


@frozen
class Settings:
    """The unchecked values of rules, from options and a TOML file. If a rule is in both, the option is used.

    Attributes:
        options: The values of the options, by the name of the rule. Numbers in them are text.
        file: The TOML file; None if there is none.
        table: The values in the file, by the name of the rule.
    """

    options: Mapping[str, Any]
    file: str | None = None
    table: Mapping[str, Any] = field(factory=dict)

    def rules(self) -> Rules:
        """Return the rules; raise UsageError for an invalid value, with the name of the file that sets it."""
        chosen: dict[str, Any] = {}
        for name, value in {**self.table, **self.options}.items():
            try:
                chosen[SETTINGS[name].name] = _checked(name, value)
            except UsageError as error:
                place = "" if name in self.options else f" [{self.file}]"
                raise UsageError(f"{error}{place}") from None
        return Rules(**chosen)


def _checked(name: str, value: Any) -> Any:
    metadata = SETTINGS[name].metadata
    if isinstance(value, str) and metadata["metavar"] in _NUMBERS:
        with suppress(ValueError):
            value = float(value)
    return metadata["check"](name, value)


def settings(options: Mapping[str, Any], config: str | None = None) -> Settings:
    """Return the rules that are set.

    Args:
        options: The values by name, without the leading dashes; None for an option that is not given.
        config: The TOML file. Default: the nearest pyproject.toml with the table, in the working folder or a
            parent of it.

    Raises:
        UsageError: The file can't be read, or has a key that isn't a rule.
    """
    given = {name: value for name, value in options.items() if value is not None}
    here = Path.cwd()
    nearest = (folder / "pyproject.toml" for folder in (here, *here.parents))
    for path in [each for each in nearest if each.is_file()] if config is None else [Path(config)]:
        if (table := _table(path)) is not None:
            return Settings(given, str(path), table)
    if config is not None:
        raise UsageError(f"{config} has no table [{TABLE}]. Add this table, with the rules in it.")
    return Settings(given)


def _table(path: Path) -> dict[str, Any] | None:
    """Return the table with the rules; None if the file doesn't have it."""
    import tomllib  # loaded late: --help doesn't need it

    if path.exists() and not path.is_file():  # a device may never end
        raise UsageError(f"{path} is not a file. Name a TOML file.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Name a TOML file.") from None
    except (ValueError, RecursionError) as error:  # a UnicodeDecodeError is a ValueError
        raise UsageError(f"{path} is not TOML: {error}. Correct it.") from None
    tools = document.get("tool")
    tools = tools if isinstance(tools, dict) else {}
    ours = tools.get("bluejay-results", {})
    is_wrong = "bluejay_results" in tools or not isinstance(ours, dict)
    if is_wrong or any(
        name in SETTINGS or isinstance(each, dict) for name, each in ours.items() if name != "gate"
    ):
        raise UsageError(f"{path}: rules are in the wrong table. Put them into [{TABLE}].")
    table = ours.get("gate")
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: [{TABLE}] isn't a table. Make it a table with the rules in it.")
    for name in table or ():
        if name not in SETTINGS:
            raise UsageError(f"{path}: there is no rule {name!r}. The rules are {', '.join(SETTINGS)}.")
    return table
