"""The tables of an export and the documents of `--json` as Markdown, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_results.export.tables.schema import TABLES
from bluejay_results.results.json_output import DOCUMENTS, Field


def export_tables() -> str:
    """Return a section with all tables and columns."""
    return "\n".join(_tables()) + "\n"


def json_documents() -> str:
    """Return a section for each document, with its fields."""
    return "\n".join(_documents()) + "\n"


def _tables() -> Iterator[str]:
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


def _documents() -> Iterator[str]:
    for name, fields in DOCUMENTS.items():
        yield from ("", f"## {name}", "", "| field | meaning |", "|---|---|")
        yield from _rows(fields)


def _rows(fields: tuple[Field, ...], prefix: str = "") -> Iterator[str]:
    for each in fields:
        yield f"| `{prefix}{each.name}` | {each.meaning} |"
        yield from _rows(each.fields, f"{prefix}{each.name}.")
