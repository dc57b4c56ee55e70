"""Escapes received text that a CI system would execute as a command in a log."""

import re

# These strings start a command anywhere in a line: `##[name` for GitHub and Azure, `##vso[name` for Azure,
# `##teamcity[name` for TeamCity.
_ANYWHERE = re.compile(r"(?<=#)#(?=\w*\[)")
_AT_THE_START = re.compile(r"(\s*:):")
"""GitHub executes `::name` at the start of a line, even after whitespace."""


def without_log_commands(text: str) -> str:
    """Return the text with commands escaped if a CI system would execute them anywhere in a line."""
    return _ANYWHERE.sub(r"\\u0023", text)


def without_command_at_start(line: str) -> str:
    """Return the line with a command at its start escaped if GitHub would execute it there."""
    return _AT_THE_START.sub(r"\1\\u003a", line, count=1) if _AT_THE_START.match(line) else line
