"""Disarms received text that a CI system would take for a command when it reads a log."""

import re

# Anywhere in a line: `##[name` GitHub and Azure, `##vso[name` Azure, `##teamcity[name` TeamCity.
_ANYWHERE = re.compile(r"(?<=#)#(?=\w*\[)")
_AT_THE_START = re.compile(r"(\s*:):")
"""`::name`, which GitHub also reads after white space."""


def without_log_commands(text: str) -> str:
    """Return a text in which the commands that CI systems read anywhere in a line are escaped."""
    return _ANYWHERE.sub(r"\\u0023", text)


def without_command_at_start(line: str) -> str:
    """Return a whole line in which a command that GitHub reads at its start is escaped."""
    return _AT_THE_START.sub(r"\1\\u003a", line, count=1) if _AT_THE_START.match(line) else line
