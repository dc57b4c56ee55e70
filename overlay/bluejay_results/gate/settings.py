"""The rules of a gate from options and a TOML file, and where each came from."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from ..errors import UsageError
from ..latency import LatencyUnit
from ..run import SimulationRun
from .rules import FIGURES, MetricRule, Rules, count, milliseconds, number, percentage

TABLE = "tool.bluejay-results.gate"
"""The table of a TOML file that holds rules."""

_PERCENTAGES = ("min-pass-rate", "max-hallucination", "max-redundancy", "max-void")
_COUNTS = {"max-always-failing": 0, "min-conversations": 1}
_LATENCIES = {f"max-latency-{figure}": figure for figure in FIGURES}
NAMES = (
    *_PERCENTAGES, *_COUNTS, *_LATENCIES, "confidence", "latency-unit", "metric", "require-tools", "baseline",
)  # fmt: skip


@frozen
class Settings:
    """What was set, by the names of the options.

    Attributes:
        values: What each is set to, unread.
        sources: Where it was set; what is not in here has its default.
    """

    values: Mapping[str, Any]
    sources: Mapping[str, str]

    @property
    def baseline(self) -> str | None:
        """The run id or the file of the baseline; None without one."""
        value = self.values.get("baseline")
        if value is not None and (not isinstance(value, str) or not value):
            raise UsageError(f"baseline must be a run id or a file, got {value!r}.{self._place('baseline')}")
        return value

    def rules(self, baseline: SimulationRun | None = None) -> Rules:
        """Return the rules; raise UsageError for a value that makes no sense, with where it was set."""
        fields: dict[str, Any] = {} if baseline is None else {"baseline": baseline}
        for name, value in self.values.items():
            try:
                fields |= _field(name, value, fields)
            except UsageError as error:
                raise UsageError(f"{error}{self._place(name)}") from None
        return Rules(**fields)

    def _place(self, name: str) -> str:
        source = self.sources[name]
        return "" if source.startswith("--") else f" [{source}]"


def settings(options: Mapping[str, Any], config: str | None = None) -> Settings:
    """Return the rules that are set: options win over the file, what is in neither has its default.

    Args:
        options: By name, without the dashes in front; what is None was not given.
        config: The TOML file. Default: the nearest pyproject.toml with the table, from the current folder up.

    Raises:
        UsageError: The file can't be read, or has a key that is no rule.
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
        raise UsageError(f"{path} has no table [{TABLE}]. Put the rules there.")
    return path, table


def _table(path: Path) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Name a TOML file.") from None
    except ValueError as error:  # also of a text that is not UTF-8
        raise UsageError(f"{path} is not TOML: {error}. Correct it.") from None
    tools = document.get("tool", {})
    ours = tools.get("bluejay-results", {}) if isinstance(tools, dict) else {}
    misplaced = [name for name in ours if name in NAMES] if isinstance(ours, dict) else []
    misplaced += [name for name in tools if name == "bluejay_results"]
    if misplaced:
        raise UsageError(f"{path}: {misplaced[0]!r} is not where rules are read. Put them into [{TABLE}].")
    table = ours.get("gate") if isinstance(ours, dict) else ours
    if table is None:
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [{TABLE}] is no table. Put the rules there.")
    for name in table:
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=2)
            advice = f"Did you mean {' or '.join(near)}?" if near else f"The rules are {', '.join(NAMES)}."
            raise UsageError(f"{path}: there is no rule {name!r}. {advice}")
    return table


def _field(name: str, value: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field of `Rules` that a setting makes."""
    field = name.replace("-", "_")
    if name in _PERCENTAGES:
        return {field: percentage(name, value)}
    if name in _COUNTS:
        return {field: count(name, value, _COUNTS[name])}
    if name in _LATENCIES:
        limit = milliseconds(name, value)
        return {"max_latency": {**fields.get("max_latency", {}), _LATENCIES[name]: limit}}
    if name == "metric":
        rules = [value] if isinstance(value, str) else value
        if not isinstance(rules, list | tuple) or not all(isinstance(each, str) for each in rules):
            raise UsageError(f"metric must be a rule or a list of rules, got {value!r}.")
        return {"metrics": tuple(map(MetricRule.parse, rules))}
    if name == "latency-unit":
        if value not in set(LatencyUnit):
            raise UsageError(f"latency-unit must be ms or s, got {value!r}.")
        return {field: LatencyUnit(value)}
    if name == "require-tools":
        if not isinstance(value, bool):
            raise UsageError(f"require-tools must be true or false, got {value!r}.")
        return {field: value}
    if name == "confidence":
        read = number(name, value)
        if not 0 < read < 1:
            raise UsageError(f"confidence must be between 0 and 1, such as 0.95, got {value!r}.")
        return {field: read}
    return {}  # the baseline, which is read by the caller
