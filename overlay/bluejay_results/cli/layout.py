"""Makes the console, and wraps lines and tables to its width. No text is truncated."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from ..writing.safe_text import terminal_safe
from ..writing.streams import is_terminal

_NARROWEST_LAST = 30
"""The minimum width of the last column, in cells; other columns are dropped to make room for it."""

_MINIMAL_WIDTH = 40
"""The minimum width that a console is assumed to have, in cells."""

_GAP = 2
"""The number of cells between two columns."""

_NARROWEST = 8
"""The minimum width of a column, in cells."""

_NOTHING = Text()

Columns = dict[str, list[str]]
Line = tuple[str, str | None]
"""A label and its text; None or empty if there is no text."""


def console(*, stderr: bool = False) -> Console:
    """Make a console for stdout or stderr that prints text literally; only a terminal limits its width."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    made.width = max(made.width, _MINIMAL_WIDTH) if is_terminal(stderr=stderr) else sys.maxsize
    return made


def labelled(lines: Iterable[Line], console: Console) -> Iterator[Text]:
    """Yield each text that isn't empty, after its label."""
    texts = [(label, terminal_safe(text)) for label, text in lines if text]
    width = max(len(label) for label, _ in texts)
    for label, text in texts:
        head = Text(f"{label:<{width}}  ", "yellow" if label == "Note" else "")
        yield from wrapped(Text(text), console, head)


def wrapped(text: Text, console: Console, head: Text = _NOTHING) -> Iterator[Text]:
    """Yield a head and a text, wrapped to the console's width. Later lines are indented like the text."""
    for line in text.wrap(console, max(console.width - head.cell_len, 10)) or [Text()]:
        line.rstrip()
        yield head + line
        head = Text(" " * head.cell_len)


def fitting(columns: Columns, least_useful: Iterable[str], console: Console) -> Columns:
    """Drop columns, the least useful first, until the table's last column has enough room."""
    kept = dict(columns)
    for name in least_useful:
        if _width(kept) + _NARROWEST_LAST <= console.width:
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
    """Yield a table in which only the last column wraps; the columns in `numbers` are aligned to the right.

    `styles` maps the text of a cell to its style.
    """
    widths = {name: _width({name: cells}) for name, cells in columns.items()}

    def padded(name: str, cell: str) -> str:
        width = widths[name]
        return f"{cell:>{width - 2}}  " if name in numbers else set_cell_size(cell, width)

    heading, texts = last
    yield Text("".join(padded(name, name) for name in widths) + heading, "dim")
    for index, text in enumerate(texts):
        cells = [(name, column[index]) for name, column in columns.items()]
        row = [Text(padded(name, cell), styles.get(cell, "")) for name, cell in cells]
        yield from wrapped(Text(text), console, Text().join(row))


def grid(
    rows: list[list[Text]], console: Console, *, indent: int, wrapping: Collection[int]
) -> Iterator[list[Text]]:
    """Yield the lines of each row of a table, indented.

    If the table is too wide, the columns `wrapping` wrap. If it is still too wide, every column wraps.
    """
    widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    room = console.width - indent - _GAP * (len(widths) - 1)
    for columns in (wrapping, range(len(widths))):
        while sum(widths) > room and max(widths[each] for each in columns) > _NARROWEST:
            widths[max(columns, key=widths.__getitem__)] -= 1
    for row in rows:
        cells = [cell.wrap(console, width) for cell, width in zip(row, widths, strict=True)]
        lines = []
        for pieces in zip_longest(*cells, fillvalue=_NOTHING):
            line = Text(" " * indent)
            for piece, width in zip(pieces, widths, strict=True):
                line.append(piece).append(" " * (width - piece.cell_len + _GAP))
            line.rstrip()
            lines.append(line)
        yield lines


def _width(columns: Columns) -> int:
    return sum(max(map(cell_len, (name, *cells))) + 2 for name, cells in columns.items())
