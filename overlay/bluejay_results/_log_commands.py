"""Escapes received text that a CI system would execute as a command in a log."""

import re

# These strings start a command anywhere in a line: `##[name` for GitHub and Azure, `##vso[name` for Azure,
# `##teamcity[name` for TeamCity.
_ANYWHERE = re.compile(r"(?<=#)#(?=\w*\[)")
_AT_THE_START = re.compile(r"(\s*:):")
"""GitHub executes `::name` at the start of a line, even after whitespace."""


def without_log_commands(text: str) -> str:
    """Escape every command that a CI system executes anywhere in a line; return the text."""
    return _ANYWHERE.sub(r"\\u0023", text)


def without_command_at_start(line: str) -> str:
    """Escape a command at the start of a line that GitHub would execute; return the line."""
    return _AT_THE_START.sub(r"\1\\u003a", line, count=1) if _AT_THE_START.match(line) else line
