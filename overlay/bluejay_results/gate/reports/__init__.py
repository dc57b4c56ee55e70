"""Reports of a verdict for people and CI systems, with a function for each format.

Text from the service is escaped for each format, and truncated if it is long.
"""

from .failure import Failure
from .github import annotations, failure_annotations, failure_output, github_output
from .json_report import report_json
from .junit import failure_junit, junit
from .markdown import LIMIT, comment, failure_comment, failure_summary, summary
from .text import TITLES, TextParts, text, text_parts

__all__ = [
    "LIMIT",
    "TITLES",
    "Failure",
    "TextParts",
    "annotations",
    "comment",
    "failure_annotations",
    "failure_comment",
    "failure_junit",
    "failure_output",
    "failure_summary",
    "github_output",
    "junit",
    "report_json",
    "summary",
    "text",
    "text_parts",
]
