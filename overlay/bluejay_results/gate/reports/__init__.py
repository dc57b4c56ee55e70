"""A verdict in the formats that people and CI read: each a function of the verdict alone.

Whatever the service sent is shown in them and breaks out of none.
"""

from ._annotations import annotations, failure_annotations
from ._comment import comment, failure_comment
from ._failure import Failure
from ._github_output import failure_output, github_output
from ._json import report_json
from ._junit import failure_junit, junit
from ._summary import LIMIT, failure_summary, summary
from ._text import TITLES, TextParts, text, text_parts

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
