"""The matrix for people and for programs."""

from ._coverage import coverage_to_text
from ._json import read_baseline, to_json
from ._junit import to_junit
from ._markdown import to_markdown
from ._text import mutants_to_text, to_text

__all__ = [
    "coverage_to_text",
    "mutants_to_text",
    "read_baseline",
    "to_json",
    "to_junit",
    "to_markdown",
    "to_text",
]
