"""A run as one HTML page: whether to ship, how certain that is, why, and what to do next."""

from .page import failure_report, html_report

__all__ = ["failure_report", "html_report"]
