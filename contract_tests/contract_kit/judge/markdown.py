"""The matrix as Markdown, for a comment or a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from contract_kit.read.document import by_reason
from contract_kit.terminal import terminal_safe

from .fields import by_field, described, faults_line, field_line
from .matrix import Matrix, Verdict
from .text import changes_lines, ignored_line, tolerated, trends_line

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_LINKING = re.compile(r"[@#]|(?<=GH)-", re.IGNORECASE)
"""GitHub looks for @name, #1 and GH-1 in the rendered text, which has no backslashes."""


def to_markdown(matrix: Matrix, listed: int | None) -> str:
    """Return a matrix as Markdown.

    Args:
        matrix: The matrix to report.
        listed: The maximum number of fields with faults to list; None lists every fault of every field.
    """
    return "\n".join(_lines(matrix, listed)) + "\n"


def _lines(matrix: Matrix, listed: int | None) -> Iterator[str]:
    if matrix.inconclusive:
        yield from ("Inconclusive: correct this first", "")
        for row in matrix.inconclusive[:listed]:
            yield f"- {markdown_safe(f'{row.id}: {row.detail}')}"
        yield ""
    yield f"| keyword | mutants | {' | '.join(Verdict)} |"
    yield f"|---|{'--:|' * (len(Verdict) + 1)}"
    for name, counts in matrix.groups.items():
        yield _line(markdown_safe(name), counts)
    yield _line("**all**", matrix.counts)
    if matrix.trends:
        yield from ("", trends_line(matrix), "", *(f"- {line}" for line in changes_lines(matrix)))
    if failures := matrix.failures:
        fields, count = by_field(failures, listed)
        yield from ("", f"{faults_line(len(failures), count)}:", "")
        for rows in fields:
            yield f"- {markdown_safe(field_line(rows))}"
            for row, what, citation in described(rows, listed):
                text = f"{row.id}{what and f': {what}'}{citation and f' ({citation})'}"
                yield f"  - {row.verdict}: {markdown_safe(text)}"
        if rest := count - len(fields):
            yield f"- and {rest:,} more fields"
    if matrix.ignored:
        yield from ("", ignored_line(matrix))
    if matrix.tolerances:
        yield from ("", "Tolerated:", "")
        for (reason, did), count in matrix.tolerances.most_common():
            yield f"- {tolerated(count, did)}: {markdown_safe(reason)}"
    if matrix.skipped:
        yield from ("", "Not covered:", "")
        yield from (f"- {markdown_safe(line)}" for line in by_reason(matrix.skipped))


def _line(name: str, counts: Counter[Verdict]) -> str:
    cells = (f"{counts[verdict] or '-'}" for verdict in Verdict)
    return f"| {name} | {counts.total():,} | {' | '.join(cells)} |"


def markdown_safe(text: str) -> str:
    """Return one line that Markdown renders literally, even in a table, without links and mentions."""
    return _PUNCTUATION.sub(r"\\\g<0>", _LINKING.sub("\\g<0>\N{ZERO WIDTH SPACE}", terminal_safe(text)))
