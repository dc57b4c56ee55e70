"""Writes the output of `compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bluejay_results.compare import Change, Comparison, Delta, sentence
from bluejay_results.compare.comparison_text import (
    all_notes,
    change_of_figure_text,
    left_out_text,
    passed_text,
    reason_text,
    unknown_figures,
)

from ..json_output import to_json
from ..writing.numbers import figure_text
from ..writing.safe_text import terminal_safe
from ..writing.streams import styled_lines, write_bytes, write_text
from ..writing.words import count_text
from ..writing.words import passed_text as passed_of_run

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LISTED = 20
"""The maximum number of callers to list."""
_STYLES = {Change.BETTER: "bold green", Change.WORSE: "bold red", Change.CANT_TELL: "bold yellow"}


def write(comparison: Comparison, *, as_json: bool) -> None:
    """Write a comparison as text or JSON."""
    if as_json:
        write_bytes(to_json(comparison))
    else:
        from .layout import console  # loaded late: it imports rich

        write_text(styled_lines(comparison_lines(comparison, console()), console()))


def comparison_lines(comparison: Comparison, console: Console) -> Iterator[Text]:
    """Yield a comparison as lines of text."""
    from rich.text import Text

    from .layout import labelled, wrapped

    yield from wrapped(Text(terminal_safe(sentence(comparison)), _STYLES[comparison.change]), console)
    yield from _changed(comparison, console)
    yield from _deltas(comparison.deltas, console)
    sides = (("Before", comparison.base), ("Now", comparison.run))
    yield Text()
    yield from labelled(
        [
            *((label, f"run {run.id}: {passed_of_run(run)}") for label, run in sides),
            *(("Not known", each) for each in unknown_figures(comparison)),
            ("Left out", left_out_text(comparison)),
            *(("Note", each) for each in all_notes(comparison)),
            *(("App", run.app_url) for _, run in sides),
        ],
        console,
    )


def _changed(comparison: Comparison, console: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import table, wrapped

    pairs = [each for each in comparison.pairs if each.is_changed]
    if not pairs:
        return
    more = f" (only the first {LISTED} are listed; --json lists all)" if len(pairs) > LISTED else ""
    yield Text()
    order = "" if len(pairs) == 1 else f", worst first{more}"
    title = f"{count_text(len(pairs), 'caller')} changed{order}:"
    yield from wrapped(Text(title, "dim"), console)
    listed = pairs[:LISTED]
    columns = {
        "caller": [str(each.now.id) for each in listed],
        "passed before": [passed_text(each.before) for each in listed],
        "now": [passed_text(each.now) for each in listed],
    }
    reasons = [terminal_safe(reason_text(each)) for each in listed]
    yield from table(columns, ("reason", reasons), console, styles={})


def _deltas(deltas: Sequence[Delta], console: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import table

    if not deltas:
        return
    yield Text()
    columns = {
        "before": [figure_text(each.base) for each in deltas],
        "now": [figure_text(each.now) for each in deltas],
        "change": [change_of_figure_text(each) for each in deltas],
    }
    names = [terminal_safe(each.name) for each in deltas]
    yield from table(columns, ("figure", names), console, styles={}, numbers=columns)
