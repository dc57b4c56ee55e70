"""Exports runs as tables: Parquet for programs, or CSV for spreadsheets."""

from .exporting import ExportReport, export, pending, saved_runs
from .rows import to_rows

__all__ = ["ExportReport", "export", "pending", "saved_runs", "to_rows"]
