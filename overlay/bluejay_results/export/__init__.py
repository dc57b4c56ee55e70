"""Export runs as tables: one dataset of Parquet, CSV or JSONL, with a commit for each run."""

from .exporting import ExportReport, export
from .one_run import to_arrow, to_rows
from .reading import committed_files, read_table
from .sources import pending, run_tables, saved_runs

__all__ = [
    "ExportReport",
    "committed_files",
    "export",
    "pending",
    "read_table",
    "run_tables",
    "saved_runs",
    "to_arrow",
    "to_rows",
]
