"""Export runs as tables: Parquet for programs, or CSV for spreadsheets."""

from .exporting import ExportReport, export, pending, saved_runs
from .tables.reader import to_rows

__all__ = ["ExportReport", "export", "pending", "saved_runs", "to_rows"]
