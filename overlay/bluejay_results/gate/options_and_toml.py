"""Reads the rules of a gate from options and a TOML file, and stores where each rule was set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import fields, frozen

from ..errors import UsageError
from .rules_and_defaults import Rules, number_in_text

TABLE = "tool.bluejay-results.gate"
"""The TOML table with the rules."""

_NUMBERS = frozenset({"PERCENT", "COUNT"})
_NAMES = {"counters": "no-counters"}


@frozen
class Setting:
    """A rule that an option or a TOML key sets.

    Attributes:
        name: The name of the option and of the key, such as `min-pass-rate`.
        field: The field of `Rules` that the option sets.
        metavar: The placeholder for the option's value, such as PERCENT; empty for a switch.
        help: The help of the option.
        is_repeatable: Whether the option can be repeated and the key can have a list of values.
        check: Takes the name and a value; returns the value to store or raises UsageError.
    """

    name: str
    field: str
    metavar: str
    help: str
    is_repeatable: bool
    check: Callable[[str, Any], Any]

    def read(self, value: Any) -> Any:
        """Return the value for `Rules`. The value of an option is text, even if it stands for a number."""
        if isinstance(value, str) and self.metavar in _NUMBERS:
            value = number_in_text(self.name, value)
        return self.check(self.name, value)


def _settings() -> Iterator[Setting]:
    for each in fields(Rules):
        metavar, text, check = (each.metadata[key] for key in ("metavar", "help", "check"))
        name = _NAMES.get(each.name, each.name.replace("_", "-"))
        yield Setting(name, each.name, metavar, text, each.default == (), check)


SETTINGS: Mapping[str, Setting] = {each.name: each for each in _settings()}
"""All rules by the names of their options and TOML keys."""


@frozen
class Settings:
    """The rules that were set, by the names of their options.

    Attributes:
        values: The values as given, unchecked.
        sources: Where each rule was set, by the name of its option. Any other rule has its default.
    """

    values: Mapping[str, Any]
    sources: Mapping[str, str]

    @property
    def files(self) -> set[str]:
        """The files that set a rule."""
        return {each for each in self.sources.values() if not each.startswith("--")}

    def rules(self) -> Rules:
        """Return the rules; raise UsageError for an invalid value, with the name of the file that sets it."""
        chosen: dict[str, Any] = {}
        for name, value in self.values.items():
            setting = SETTINGS[name]
            try:
                read = setting.read(value)
            except UsageError as error:
                raise UsageError(f"{error}{self._place(name)}") from None
            chosen[setting.field] = not read if name == "no-counters" else read
        return Rules(**chosen)

    def _place(self, name: str) -> str:
        source = self.sources[name]
        return "" if source.startswith("--") else f" [{source}]"


def settings(options: Mapping[str, Any], config: str | None = None) -> Settings:
    """Return the rules that are set; an option takes precedence over the file.

    Args:
        options: The values by name, without the leading dashes; None for an option that is not given.
        config: The TOML file. Default: the nearest pyproject.toml with the table, here or in a folder above.

    Raises:
        UsageError: The file can't be read, or has a key that isn't a rule.
    """
    path, written = _nearest() if config is None else _named(Path(config))
    given = {name: value for name, value in options.items() if value is not None}
    sources = dict.fromkeys(written, str(path)) | {name: f"--{name}" for name in given}
    return Settings({**written, **given}, sources)


def _nearest() -> tuple[Path | None, dict[str, Any]]:
    """Return the nearest pyproject.toml that has the table, and the table."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        path = folder / "pyproject.toml"
        if path.is_file() and (table := _table(path)) is not None:
            return path, table
    return None, {}


def _named(path: Path) -> tuple[Path, dict[str, Any]]:
    table = _table(path)
    if table is None:
        raise UsageError(f"{path} has no table [{TABLE}]. Write the rules under it.")
    return path, table


def _table(path: Path) -> dict[str, Any] | None:
    import tomllib  # loaded late, like difflib: --help needs neither

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Name a TOML file.") from None
    except ValueError as error:  # includes UnicodeDecodeError
        raise UsageError(f"{path} is not TOML: {error}. Correct it.") from None
    tools = document.get("tool")
    tools = tools if isinstance(tools, dict) else {}
    ours = tools.get("bluejay-results", {})
    if "bluejay_results" in tools or _has_misplaced(ours):
        raise UsageError(f"{path}: rules are in the wrong table. Put them into [{TABLE}].")
    table = ours.get("gate")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [{TABLE}] isn't a table. Write the rules under it.")
    for name in table:
        if name not in SETTINGS:
            import difflib

            near = difflib.get_close_matches(name, SETTINGS, n=2)
            advice = f"Did you mean {' or '.join(near)}?" if near else f"The rules are {', '.join(SETTINGS)}."
            raise UsageError(f"{path}: there is no rule {name!r}. {advice}")
    return table


def _has_misplaced(ours: Any) -> bool:
    """Whether [tool.bluejay-results] has a rule, or a table other than `gate`."""
    if not isinstance(ours, dict):
        return True
    return any(name in SETTINGS or isinstance(each, dict) for name, each in ours.items() if name != "gate")
