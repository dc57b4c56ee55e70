"""Reads the tables of a Parquet export."""

from pathlib import Path
from typing import Any

import pyarrow.parquet


def rows(place: Path | str, table: str) -> list[dict[str, Any]]:
    """Return a table's rows, in the order of its parts."""
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(f"{place}/{table}").to_pylist()
    return found


def files(place: Path) -> set[str]:
    return {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}
