"""The reports of a gate for people and CI systems: each function makes a report from a verdict.

Text from the service is escaped for each format, and truncated if it is long.
"""

from .github import annotations, github_output
from .junit import junit
from .markdown import LIMIT, comment, summary

__all__ = ["LIMIT", "annotations", "comment", "github_output", "junit", "summary"]
