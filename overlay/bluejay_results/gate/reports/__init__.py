"""A gate's reports for people and CI systems; each function creates a report from a verdict.

Text from the service is escaped for each format, and truncated if long.
"""

from .github import annotations, github_output
from .junit import junit
from .markdown import LIMIT, comment, summary

__all__ = ["LIMIT", "annotations", "comment", "github_output", "junit", "summary"]
