"""The matrix and a list of mutants as plain text, for people."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_kit.read.document import Skipped, by_reason
from contract_kit.terminal import safe_line, terminal_safe

from .fields import by_field, described, faults_line, field_line
from .matrix import Matrix, Verdict


def to_text(matrix: Matrix, listed: int | None) -> str:
    """Return a matrix as lines of text.

    Args:
        matrix: The matrix to report.
        listed: The maximum number of fields with faults to list; None lists every fault of every field.
    """
    shown = [verdict for verdict in Verdict if matrix.counts[verdict]]
    rows = [(name, _cells(counts, shown)) for name, counts in matrix.groups.items()]
    table = new_table(["keyword"], ["mutants", *shown], [([name], cells) for name, cells in rows])
    table.add_section()
    table.add_row("all", *_cells(matrix.counts, shown))
    lines = [*_faults(matrix, listed), *_tolerated(matrix), *skipped_lines(matrix.skipped)]
    if matrix.failures:
        lines += ["", "To see the response of a mutant: contract-kit mutants DOC --jsonl | grep -F 'ID'"]
    first = "".join(f"{line}\n" for line in _inconclusive(matrix, listed))
    return first + printed(table) + "".join(f"{line}\n" for line in lines)


def mutants_to_text(counts: Mapping[tuple[str, str], int], skipped: Iterable[Skipped]) -> str:
    """Return the number of mutants for each operation and keyword, and the parts without mutants.

    Args:
        counts: The number of mutants by operation and keyword.
        skipped: The parts of the document that gave no mutants.
    """
    rows = [(list(names), [f"{count:,}"]) for names, count in counts.items()]
    table = new_table(["operation", "keyword"], ["mutants"], rows)
    table.add_section()
    table.add_row("all", "", f"{sum(counts.values()):,}")
    return printed(table) + "".join(f"{line}\n" for line in skipped_lines(skipped))


def new_table(
    names: Sequence[str], numbers: Sequence[str], rows: Iterable[tuple[Sequence[str], Sequence[str]]]
) -> Table:
    """Return a table with columns of names, then of numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for name in names:
        table.add_column(name)
    for number in numbers:
        table.add_column(number, justify="right")
    for texts, counts in rows:
        table.add_row(*(Text(terminal_safe(text)) for text in texts), *counts)
    return table


def printed(table: Table) -> str:
    """Return a table as lines of text."""
    stream = io.StringIO()
    Console(file=stream, width=1000, color_system=None).print(table)
    lines = map(safe_line, stream.getvalue().splitlines())  # long names are wrapped
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cells(counts: Counter[Verdict], shown: Iterable[Verdict]) -> list[str]:
    return [f"{counts.total():,}", *(f"{counts[verdict]:,}" if counts[verdict] else "-" for verdict in shown)]


def _inconclusive(matrix: Matrix, listed: int | None) -> Iterator[str]:
    rows = matrix.inconclusive
    if not rows:
        return
    yield "Inconclusive: correct this first"
    yield from (f"  {terminal_safe(f'{row.id}: {row.detail}')}" for row in rows[:listed])
    if listed is not None and len(rows) > listed:
        yield f"  And {len(rows) - listed:,} more (--all lists them)."
    yield ""


def _faults(matrix: Matrix, listed: int | None) -> Iterator[str]:
    fields, count = by_field(matrix.failures, listed)
    if fields:
        yield from ("", faults_line(len(matrix.failures), count))
    for rows in fields:
        yield from ("", f"  {terminal_safe(field_line(rows))}")
        for row, *lines in described(rows, listed):
            yield f"    {terminal_safe(row.id)}"
            yield from (f"      {terminal_safe(line)}" for line in lines if line)
    if rest := count - len(fields):
        yield from ("", f"And {rest:,} more fields (--all lists them).")
    if matrix.ignored:
        yield from ("", ignored_line(matrix))
    if matrix.trends:
        yield from ("", trends_line(matrix), *(f"  {line}" for line in changes_lines(matrix)))
    elif matrix.rows and matrix.passed and not matrix.ignored:
        yield from ("", f"The client handled all {len(matrix.rows):,} mutants correctly.")


def ignored_line(matrix: Matrix) -> str:
    """Return a line with the number of ignored faults and the number of their fields."""
    return f"Ignored: {faults_line(len(matrix.ignored), by_field(matrix.ignored)[1])} (--ignore)."


def trends_line(matrix: Matrix) -> str:
    """Return a line with the number of rows that differ from the baseline."""
    trends = ", ".join(f"{count:,} {trend}" for trend, count in matrix.trends.items())
    return f"Mutants since the baseline: {trends}."


def changes_lines(matrix: Matrix) -> Iterator[str]:
    """Yield a line for each change to a better or worse verdict, with the number of mutants."""
    for (trend, earlier, now), count in sorted(matrix.changes.items()):
        yield f"{trend}: {count:,} {earlier}, now {now}"


def _tolerated(matrix: Matrix) -> Iterator[str]:
    if matrix.tolerances:
        yield from ("", "Tolerated (a client may accept or refuse)")
    for (reason, did), count in matrix.tolerances.most_common():
        yield f"  {tolerated(count, did)}: {terminal_safe(reason)}"


def tolerated(count: int, did: str) -> str:
    """Return how many tolerated mutants the client accepted or refused."""
    return f"{count:,} mutant{'s' * (count != 1)} {did}"


def skipped_lines(skipped: Iterable[Skipped]) -> Iterator[str]:
    """Yield the parts that were not covered, with the reasons."""
    if lines := by_reason(skipped):
        yield from ("", "Not covered")
    yield from (f"  {terminal_safe(line)}" for line in lines)
