"""Reports on checked responses: text for people, JSON for programs, JUnit XML for CI."""

from .json_report import to_json
from .junit import to_junit
from .report import Answered, Paging, Report
from .text import to_text

__all__ = ["Answered", "Paging", "Report", "to_json", "to_junit", "to_text"]
