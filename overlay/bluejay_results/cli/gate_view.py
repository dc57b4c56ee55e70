"""A verdict on a terminal: in colour, and as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from bluejay_results.gate import Answer, Decision, Verdict
from bluejay_results.gate.reports import TITLES, TextParts, text_parts

from .console import console
from .layout import grid, wrapped

_DECISIONS = {Decision.SHIP: "bold green", Decision.DO_NOT_SHIP: "bold red"}
_STYLES = {
    Answer.KEPT: "green",
    Answer.BROKEN: "red",
    Answer.INCONCLUSIVE: "yellow",
    Answer.NOT_APPLICABLE: "dim",
}
_INDENT = 2


def view(verdict: Verdict, sources: Mapping[str, str], *, explain: bool, stderr: bool = False) -> str:
    """Return what a terminal is sent."""
    screen = console(stderr=stderr)
    with screen.capture() as captured:
        for line in _lines(verdict, sources, screen, explain=explain):
            screen.print(line, soft_wrap=True)
    return captured.get()


def _lines(verdict: Verdict, sources: Mapping[str, str], screen: Console, *, explain: bool) -> Iterator[Text]:
    parts = text_parts(verdict, explain=explain, sources=sources)
    first, *others = parts.head
    yield from wrapped(Text(first, _DECISIONS.get(verdict.decision, "bold yellow")), screen)
    for line in others:
        yield from wrapped(Text(line), screen)
    if parts.rows:
        yield from _table(parts, screen)
    for line in parts.tail:
        indent = Text(" " * _INDENT) if line.startswith(" ") else Text()
        yield from wrapped(Text(line.strip(), "yellow" if line.startswith("Note: ") else ""), screen, indent)


def _table(parts: TextParts, screen: Console) -> Iterator[Text]:
    cells = [[Text(each, "dim") for each in TITLES]]
    for row in parts.rows:
        texts = (Text(row.rule), Text(row.wanted), Text(row.measured))
        cells.append([*texts, Text(row.answer, _STYLES[row.answer])])
    for lines, details in zip(
        grid(cells, screen, indent=_INDENT, wrapping=(1, 2)), ["", *parts.details], strict=True
    ):
        yield from lines
        if details:
            yield from wrapped(Text(details, "dim"), screen, Text(" " * 2 * _INDENT))
