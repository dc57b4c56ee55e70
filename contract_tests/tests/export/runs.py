"""Runs to export, and the rows of a CSV export."""

import csv
from pathlib import Path
from typing import Any

from bluejay_results import SimulationRun

from .. import builders


def named_run(run_id: str = "1", *results: dict[str, Any], **fields: Any) -> tuple[str, SimulationRun]:
    """Return a run id and its run; by default, the run has one conversation that passed."""
    return run_id, builders.saved_run(*(results or (builders.result(),)), id=run_id, **fields)


def without_export_time(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return exported rows without the time of export, so that exports can be compared."""
    return [row | {"exported_at": None} if "exported_at" in row else row for row in rows]


def csv_rows(place: Path, table: str) -> list[dict[str, str]]:
    with (place / f"{table}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
