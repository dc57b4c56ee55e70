"""Escapes received text that a CI system would run as a command when it reads a log."""

import re

# Read as a command anywhere in a line: `##[name` by GitHub and Azure, `##vso[name` by Azure,
# `##teamcity[name` by TeamCity.
_ANYWHERE = re.compile(r"(?<=#)#(?=\w*\[)")
_AT_THE_START = re.compile(r"(\s*:):")
"""GitHub reads `::name` as a command at the start of a line, also after white space."""


def without_log_commands(text: str) -> str:
    """Return a text in which all commands that a CI system accepts anywhere in a line are escaped."""
    return _ANYWHERE.sub(r"\\u0023", text)


def without_command_at_start(line: str) -> str:
    """Return a whole line; if it starts with a command that GitHub would run, the command is escaped."""
    return _AT_THE_START.sub(r"\1\\u003a", line, count=1) if _AT_THE_START.match(line) else line
