"""Reports on checked responses: text for people, JSON for programs, JUnit XML for CI."""

from ._json import to_json
from ._junit import to_junit
from ._report import Answered, Report
from ._text import to_text

__all__ = ["Answered", "Report", "to_json", "to_junit", "to_text"]
