"""A gate's rules as command options and as TOML keys.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

import os
import re
from collections.abc import Iterator, Mapping
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, ClassVar

from attrs import Attribute, field, fields, frozen

from bluejay_results.errors import UsageError
from bluejay_results.gate.rules import Rules

from .command import OptionGroup
from .options import RULES, option

_OURS = "bluejay-results"
TABLE = f"tool.{_OURS}.gate"
"""The TOML table with the rules."""
_MOST_BYTES = 128 << 10
"""The maximum size of the TOML file."""
_MOST_DOTS = 1000
"""The maximum number of dots in a line of this file. Parsing a long dotted key takes quadratic time."""
_NUMBERS = frozenset({"PERCENT", "COUNT"})
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?|[-+]?\.[0-9]+")
RULES_BY_NAME: Mapping[str, "Attribute[Any]"] = {each.name.replace("_", "-"): each for each in fields(Rules)}
"""The fields of `Rules`, by their option and TOML key."""
_OPTIONS: dict[str, tuple[str | None, str]] = {
    "min-pass-rate": (
        "PERCENT",
        "The minimum pass rate, counting unknown conversations as failed (default: 80; 0: off).",
    ),
    "max-always-failing": (
        "COUNT",
        "The maximum number of callers that always fail. Only callers with at least five conversations count "
        "(default: 0).",
    ),
    "must-pass": ("CALLER", "The id of a caller (digital human) that must pass. Can be repeated."),
    "require": (
        "RULE",
        "A rule for a figure, such as 'p90(latency.p95) <= 1500 ms' or 'rate(hallucination) <= 5 %'. "
        "Can be repeated.",
    ),
    "confident": (None, "Compare the minimum with the 95 % interval instead of the pass rate."),
    "min-conversations": (
        "COUNT",
        "The minimum number of conversations that passed or failed (default: 1).",
    ),
    "max-void": (
        "PERCENT",
        "The maximum percentage of conversations that are void or missing (default: 20).",
    ),
    "no-counters": (None, "Don't compare the run's counters with its conversations."),
    "latency-unit": ("ms|s", "The latency unit (default: inferred from the latencies)."),
}
"""For each rule, the placeholder for the option's value (None for a flag) and the option's help."""


@frozen
class GivenRules:
    """Rule values from options and a TOML file, not validated yet. Options take precedence.

    Attributes:
        options: The options' values by rule name; numbers are strings.
        file: The TOML file; None if there is none.
        table: The values in the file, by rule name.
    """

    options: Mapping[str, Any]
    file: str | None = None
    table: Mapping[str, Any] = field(factory=dict)

    @property
    def source(self) -> str | None:
        """The path of the file, relative to the working directory; None if there is no file."""
        return self.file and os.path.relpath(self.file)

    def rules(self) -> Rules:
        """Return the rules; for an invalid value, raise a UsageError that names the file it came from.

        Repeatable rules are combined; for any other rule, the option overrides the key in the file.
        """
        names = {**self.table, **self.options}
        return Rules(**{RULES_BY_NAME[name].name: self._value(name) for name in names})

    def _value(self, name: str) -> Any:
        place = f" [{self.file}]"
        by_option = _checked(name, self.options[name]) if name in self.options else None
        if by_option is None:
            return _checked(name, self.table[name], place)
        if name not in self.table or RULES_BY_NAME[name].default != ():
            return by_option
        return _checked(name, [*_checked(name, self.table[name], place), *by_option], place)


def _checked(name: str, value: Any, place: str = "") -> Any:
    """Return the value as `Rules` stores it; if it is invalid, raise a UsageError that names its source."""
    if isinstance(value, str) and _OPTIONS[name][0] in _NUMBERS and _NUMBER.fullmatch(value):
        value = float(value)
    try:
        return RULES_BY_NAME[name].metadata["check"](name, value)
    except UsageError as error:
        raise UsageError(f"{error}{place}") from None


def given_rules(options: Mapping[str, Any], config: str | None = None) -> GivenRules:
    """Return the rules set by options or by a TOML file.

    Args:
        options: The values by name, without the leading dashes; None for an option that wasn't passed.
        config: The TOML file. Default: the nearest pyproject.toml with the table, in the working directory or
            a parent.

    Raises:
        UsageError: The file can't be read, or has a key that isn't a rule.
    """
    given = {name: value for name, value in options.items() if value is not None}
    here = Path.cwd()
    nearest = (folder / "pyproject.toml" for folder in (here, *here.parents))
    for path in [each for each in nearest if each.is_file()] if config is None else [Path(config)]:
        if (table := _table(path)) is not None:
            return GivenRules(given, str(path), table)
    if config is not None:
        raise UsageError(f"{config} has no table [{TABLE}]. Add this table, and put the rules in it.")
    return GivenRules(given)


def _table(path: Path) -> dict[str, Any] | None:
    """Return the table with the rules, or None if the file doesn't contain it."""
    import tomllib  # loaded late: --help doesn't need it

    if path.exists() and not path.is_file():  # reading a device might never end
        raise UsageError(f"{path} is not a file. Pass a TOML file.")
    if path.exists() and path.stat().st_size > _MOST_BYTES:
        raise UsageError(f"{path} is larger than {_MOST_BYTES >> 10} KiB. Put the rules in a smaller file.")
    try:
        text = path.read_text(encoding="utf-8")
        if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
            raise UsageError(f"{path} has a line with more than {_MOST_DOTS:,} dots. Split this line.")
        document = tomllib.loads(text)
        repr(document)  # raises ValueError for an integer with too many digits to print
    except UsageError:  # a ValueError, too
        raise
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Pass a TOML file.") from None
    except (ValueError, RecursionError) as error:  # a UnicodeDecodeError is a ValueError
        raise UsageError(f"{path} is not valid TOML: {error}. Fix the file.") from None
    tools = document.get("tool")
    ours = tools.get(_OURS, {}) if isinstance(tools, dict) else {}
    if wrong := next(_wrong_tables(document, ours), None):
        raise UsageError(f"{path}: [{wrong}] isn't the table for rules. Put them in [{TABLE}].")
    table = ours.get("gate")
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: [{TABLE}] isn't a table. Make it a table, and put the rules in it.")
    for name in table or ():
        if name not in RULES_BY_NAME:
            raise UsageError(f"{path}: there is no rule {name!r}. The rules are {', '.join(RULES_BY_NAME)}.")
    return table


def _wrong_tables(document: Mapping[str, Any], ours: Any) -> Iterator[str]:
    """Yield the names of tables that were probably meant to contain rules, but don't."""
    yield from (name for name in document if _is_near(name, _OURS))
    for top, tables in document.items():
        if _is_near(top, "tool") and isinstance(tables, dict):
            near = (f"{top}.{name}" for name in tables if _is_near(name, _OURS))
            yield from (each for each in near if each != f"tool.{_OURS}")
    if not isinstance(ours, dict) or ours.keys() & RULES_BY_NAME.keys():
        yield f"tool.{_OURS}"
        return
    others = (name for name, each in ours.items() if name != "gate" and isinstance(each, dict))
    yield from (f"tool.{_OURS}.{name}" for name in others)


def _is_near(name: str, expected: str) -> bool:
    """Whether a name is at most one inserted, deleted or replaced character away from another.

    Case, punctuation, the order of characters and the suffix "gate" don't matter.
    """
    name, expected = (re.sub(r"[\W_]|gate$", "", each.lower()) for each in (name, expected))
    return sorted(name) == sorted(expected) or any(
        name[:at] == expected[:at] and {name[at:], name[at + 1 :]} & {expected[at:], expected[at + 1 :]}
        for at in range(len(expected) + 1)
    )


def _parameters() -> Iterator[Parameter]:
    """Yield typer's parameters: one for each rule, and one for the file with rules."""
    text = "A TOML file with rules (default: the nearest pyproject.toml)."
    kinds = {each.name: _annotation(name, each) for name, each in RULES_BY_NAME.items()}
    kinds["config"] = Annotated[str | None, option(RULES, "FILE", text)]
    for name, each in kinds.items():
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=each)


def _annotation(name: str, rule: "Attribute[Any]") -> Any:
    metavar, text = _OPTIONS[name]
    declared = option(RULES, metavar, text, f"--{name}")
    if not metavar:
        return Annotated[bool | None, declared]
    return Annotated[list[str] | None, declared] if rule.default == () else Annotated[str | None, declared]


class RuleOptions(OptionGroup):
    """A gate's rules.

    Attributes:
        config: The TOML file with rules; None for the nearest pyproject.toml.
        values: The value of each rule's option, by rule name; None if the option wasn't passed.
    """

    __signature__: ClassVar[Signature] = Signature([*_parameters()])

    def __init__(self, config: str | None = None, **values: Any) -> None:
        self.config = config
        self.values = {name: values.get(each.name) for name, each in RULES_BY_NAME.items()}

    def settings(self) -> GivenRules:
        """Return the rules that are set; raise UsageError if the file can't be read."""
        return given_rules(self.values, self.config)
