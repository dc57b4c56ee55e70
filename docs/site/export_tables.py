"""The tables of an export as Markdown, from the declarations of their columns."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_results.export.tables.schema import TABLES


def export_tables() -> str:
    """Return a section with all tables and columns."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("", "## The tables", "", "Every column can be null.", "")
    for table in TABLES.values():
        yield from (
            f"### {table.name}",
            "",
            table.meaning,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        )
        yield from (f"| `{each.name}` | {each.kind} | {each.meaning} |" for each in table.columns)
        yield ""
