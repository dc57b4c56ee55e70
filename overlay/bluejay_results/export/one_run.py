"""The tables of one run, without files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..results.run import SimulationRun
from .tables.arrow import arrow_schema, arrow_table
from .tables.reader import columns_of, table_named

if TYPE_CHECKING:
    import pyarrow


def to_rows(run: SimulationRun, table: str, *, with_links: bool = False) -> list[dict[str, Any]]:
    """Return a table of a run as one dict per row; `docs/export.md` describes the tables.

    Args:
        run: The run.
        table: `runs`, `conversations`, `evaluations`, `metrics`, `tool_calls`, `events` or `errors`.
        with_links: Keep the signed URLs, which are secrets while they are valid.

    Raises:
        UsageError: The table does not exist.
    """
    columns = columns_of(run, table, with_links=with_links)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def to_arrow(run: SimulationRun, table: str, *, with_links: bool = False) -> pyarrow.Table:
    """Return a table of a run as a `pyarrow.Table`; see `to_rows`. Needs the extra `export`.

    Raises:
        UsageError: The table does not exist, or pyarrow is not installed.
    """
    schema = arrow_schema(table_named(table))
    return arrow_table(schema, [columns_of(run, table, with_links=with_links)])
