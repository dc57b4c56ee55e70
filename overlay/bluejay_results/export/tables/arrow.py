"""Converts tables to pyarrow tables; only this module needs pyarrow, from the extra `export`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from ..._extras import needed
from .column import VERSION, Kind, Table
from .reader import Batch

if TYPE_CHECKING:
    import pyarrow


def arrow_schema(table: Table[Any], *, without: Collection[str] = ()) -> pyarrow.Schema:
    """Return the schema of a table, with its name and version as metadata.

    Args:
        table: The table.
        without: Names of columns to leave out.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pa = needed("pyarrow", "export")
    types = {
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
        Kind.JSON: pa.string(),
    }
    fields = [(each.name, types[each.kind]) for each in table.columns if each.name not in without]
    about = {"bluejay_results.table": table.name, "bluejay_results.version": str(VERSION)}
    return pa.schema(fields, metadata=about)


def arrow_table(schema: pyarrow.Schema, batches: Iterable[Batch]) -> pyarrow.Table:
    """Return batches of columns as one table."""
    pa = needed("pyarrow", "export")
    return pa.Table.from_batches([arrow_batch(schema, each) for each in batches], schema)


def arrow_batch(schema: pyarrow.Schema, batch: Batch) -> pyarrow.RecordBatch:
    """Return one batch of columns."""
    pa = needed("pyarrow", "export")
    return pa.record_batch([pa.array(batch[each.name], each.type) for each in schema], schema=schema)
