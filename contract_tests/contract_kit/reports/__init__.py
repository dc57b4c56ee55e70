"""Reports of the matrix, for people and for programs."""

from .coverage import coverage_to_text
from .diff import diff_to_json, diff_to_markdown, diff_to_text
from .json_report import read_baseline, to_json
from .junit import to_junit
from .markdown import to_markdown
from .text import mutants_to_text, to_text

__all__ = [
    "coverage_to_text",
    "diff_to_json",
    "diff_to_markdown",
    "diff_to_text",
    "mutants_to_text",
    "read_baseline",
    "to_json",
    "to_junit",
    "to_markdown",
    "to_text",
]
