"""A run as one HTML page: whether to ship, how certain the verdict is, why not, and what to open first."""

from .comparison import comparison_with
from .page import failure_report, html_report

__all__ = ["comparison_with", "failure_report", "html_report"]
