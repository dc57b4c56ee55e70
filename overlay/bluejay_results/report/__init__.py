"""Renders a run as one HTML page: whether to ship, how certain that is, why, and what to do next."""

from .page import html_report

__all__ = ["html_report"]
