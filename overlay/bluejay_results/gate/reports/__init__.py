"""Reports of a verdict for people and CI systems, with a function for each format.

Text from the service is escaped for each format, and truncated if it is long.
"""

from .annotations import annotations, failure_annotations
from .comment import comment, failure_comment
from .failure import Failure
from .github_output import failure_output, github_output
from .json_report import report_json
from .junit import failure_junit, junit
from .summary import LIMIT, failure_summary, summary
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
