"""Creates the console and, with rich, lays out text and tables as lines that fit its width."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..writing.safe_text import terminal_safe
from ..writing.streams import is_terminal

_NARROWEST_LAST = 30
"""The minimum width of the last column, in cells; other columns are dropped to make room for it."""

_MINIMAL_WIDTH = 40
"""The minimum width that a console is assumed to have, in cells."""

_NOTHING = Text()

Columns = dict[str, list[str]]
Line = tuple[str, str | None]
"""A label and its text, which is None or empty if there is nothing to print."""


def console(*, stderr: bool = False) -> Console:
    """Create a console for stdout or stderr that prints text literally; only terminals limit its width."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    made.width = max(made.width, _MINIMAL_WIDTH) if is_terminal(stderr=stderr) else sys.maxsize
    return made


def labelled(lines: Iterable[Line], console: Console) -> Iterator[Text]:
    """Yield each nonempty text, preceded by its label."""
    found = _table(show_header=False)
    found.add_column()
    found.add_column(overflow="fold")
    for label, text in lines:
        if text:
            found.add_row(Text(label, "yellow" if label == "Note" else ""), Text(terminal_safe(text)))
    yield from _lines(found, console)


def wrapped(text: Text, console: Console, indent: Text = _NOTHING) -> Iterator[Text]:
    """Wrap text to the console's width, and yield its lines, indented by the width of `indent`."""
    yield from _lines(Padding(text, (0, 0, 0, indent.cell_len), expand=False), console)


def fitting(columns: Columns, least_useful: Iterable[str], console: Console) -> Columns:
    """Drop columns, least useful first, until the table's last column is wide enough."""
    kept = dict(columns)
    for name in least_useful:
        if sum(max(map(cell_len, (name, *cells))) + 2 for name, cells in kept.items()) <= (
            console.width - _NARROWEST_LAST
        ):
            break
        del kept[name]
    return kept


def table(
    columns: Columns,
    last: tuple[str, list[str]],
    console: Console,
    *,
    styles: Mapping[str, str],
    numbers: Collection[str] = (),
) -> Iterator[Text]:
    """Yield a table in which only the last column wraps; the columns in `numbers` are right-aligned.

    `styles` maps a cell's text to its style.
    """
    found = _table(header_style="dim")
    for name in columns:
        found.add_column(Text(name), no_wrap=True, justify="right" if name in numbers else "left")
    found.add_column(Text(last[0]), overflow="fold")
    for cells in zip(*columns.values(), last[1], strict=True):
        found.add_row(*(Text(each, styles.get(each, "")) for each in cells))
    yield from _lines(found, console)


def _table(**settings: Any) -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), **settings)


def _lines(renderable: RenderableType, console: Console) -> Iterator[Text]:
    """Yield the lines of text or of a table, as rendered by rich."""
    for line in console.render_lines(renderable, pad=False):
        text = Text.assemble(*((each.text, each.style or "") for each in line))
        text.rstrip()
        yield text
