"""Checks the options of the command `compare`, and writes the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from bluejay_results.compare import (
    Comparison,
    Conclusion,
    Delta,
    Drop,
    Pair,
    sentence,
)
from bluejay_results.compare import compare as compare_runs
from bluejay_results.compare.view import comparison_view
from bluejay_results.compare.words import drop_text, plan_text, reason_text
from bluejay_results.errors import UsageError
from bluejay_results.gate.rules_and_defaults import number_in_text
from bluejay_results.judging.thresholds import percentage, points
from bluejay_results.results.run import SimulationRun

from ..writing.safe_text import terminal_safe
from ..writing.streams import styled_lines, write_bytes, write_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LISTED = 20
"""The maximum number of callers to list as worse, and likewise as better."""
_NAMED = 10
_STYLES = {
    Conclusion.BETTER: "bold green",
    Conclusion.WORSE: "bold red",
    Conclusion.NO_CHANGE: "bold",
    Drop.KEPT: "bold green",
    Drop.BROKEN: "bold red",
}


@frozen
class CompareOptions:
    """The numeric options of `compare`."""

    margin: float
    max_drop: float | None
    max_void: float
    spread: float
    is_planned: bool

    @classmethod
    def parse(
        cls,
        margin: str | None,
        max_drop: str | None,
        max_void: str | None,
        spread: str | None,
        *,
        is_planned: bool,
    ) -> CompareOptions:
        """Read the options; raise UsageError for an invalid number or combination."""
        if margin is not None and max_drop is not None:
            raise UsageError("--margin and --max-drop can't be combined: --max-drop sets the margin too.")
        if spread is not None and not is_planned:
            raise UsageError("--plan-spread can't be used without --plan.")

        def read(name: str, value: str, check: Callable[[str, float], float] = points) -> float:
            return check(name, number_in_text(name, value))

        return cls(
            5.0 if margin is None else read("--margin", margin),
            None if max_drop is None else read("--max-drop", max_drop),
            20.0 if max_void is None else read("--max-void", max_void, percentage),
            0.0 if spread is None else read("--plan-spread", spread),
            is_planned,
        )

    def compare(
        self, base: Sequence[SimulationRun], new: Sequence[SimulationRun], *, strict: bool
    ) -> Comparison:
        """Compare runs by these options."""
        return compare_runs(
            base, new, margin=self.margin, max_drop=self.max_drop, max_void=self.max_void, strict=strict
        )

    def plan_text(self, comparison: Comparison) -> str:
        """Return how many callers are needed; empty unless the user asks or the drop is inconclusive."""
        is_wanted = self.is_planned or comparison.drop is Drop.INCONCLUSIVE
        return plan_text(comparison, spread=self.spread) if is_wanted and not comparison.problem else ""


def write(comparison: Comparison, options: CompareOptions, *, as_json: bool) -> None:
    """Write a comparison as text, or as JSON for programs."""
    if as_json:
        write_bytes(comparison_view(comparison, options.spread))
    else:
        from .layout import console  # loaded late: it imports rich

        write_text(styled_lines(_lines(comparison, options, console()), console()))


def _lines(comparison: Comparison, options: CompareOptions, console: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import labelled, wrapped

    if said := drop_text(comparison):
        yield from wrapped(Text(said, _STYLES.get(comparison.drop or Drop.KEPT, "bold yellow")), console)
    verdict = terminal_safe(sentence(comparison))
    yield from wrapped(Text(verdict, _STYLES.get(comparison.conclusion, "bold yellow")), console)
    yield from _changed("got worse", comparison.worse, console)
    yield from _changed("got better", comparison.better, console)
    yield from _deltas(comparison.deltas, console)
    lines = [
        ("Plan", options.plan_text(comparison)),
        ("Only before", _named(comparison.only_in_base)),
        ("Only now", _named(comparison.only_in_new)),
        ("Not judged", _named(comparison.unjudged)),
        *(("Note", each) for each in comparison.notes),
        *(("App", f"{each.app_url}") for each in comparison.base + comparison.new if each.app_url),
    ]
    yield Text()
    yield from labelled(lines, console)


def _changed(how: str, pairs: Sequence[Pair], console: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import table, wrapped

    if not pairs:
        return
    callers = "1 caller" if len(pairs) == 1 else f"{len(pairs)} callers"
    more = f"; the first {LISTED} are listed, --json lists all" if len(pairs) > LISTED else ""
    yield Text()
    yield from wrapped(
        Text(f"{callers} {how} (before and now: passed of judged conversations){more}:", "dim"), console
    )
    listed = pairs[:LISTED]
    base, new = (
        [f"{side.passed} of {side.judged}" for side in sides]
        for sides in zip(*(each.tallies for each in listed), strict=True)
    )
    columns = {"caller": [str(each.id) for each in listed], "before": base, "now": new}
    reasons = [terminal_safe(reason_text(each)) for each in listed]
    yield from table(columns, ("reason for the failures", reasons), console, styles={})


def _deltas(deltas: Sequence[Delta], console: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import table

    if not deltas:
        return
    yield Text()
    columns = {
        "before": [_figure(each.base, each.unit) for each in deltas],
        "now": [_figure(each.new, each.unit) for each in deltas],
        "change": ["-" if each.change is None else _short(each.change, 3, "+") for each in deltas],
    }
    names = [terminal_safe(each.name) for each in deltas]
    yield from table(
        columns, ("figure, over the callers judged on both sides", names), console, styles={}, numbers=columns
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1f} %" if unit == "%" else f"{_short(value, 5)} {unit}".rstrip()


def _short(value: float, digits: int, sign: str = "") -> str:
    """Format a number with up to `digits` digits; write a larger number in full, without an exponent."""
    is_large = abs(value) >= 10**digits - 0.5
    return f"{value:{sign},.0f}" if is_large else f"{value:{sign}.{digits}g}"


def _named(ids: Iterable[int]) -> str:
    named = [str(each) for each in ids]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"caller{'s' if len(named) > 1 else ''} {', '.join(named[:_NAMED])}{more}" if named else ""
