"""Escapes received text that a CI system would run as a command when it reads a log."""

import re

# Anywhere in a line: `##[name` GitHub and Azure, `##vso[name` Azure, `##teamcity[name` TeamCity.
_ANYWHERE = re.compile(r"(?<=#)#(?=\w*\[)")
_AT_THE_START = re.compile(r"(\s*:):")
"""`::name`, which GitHub also reads after white space."""


def without_log_commands(text: str) -> str:
    """Return a text with each command escaped that a CI system accepts anywhere in a line."""
    return _ANYWHERE.sub(r"\\u0023", text)


def without_command_at_start(line: str) -> str:
    """Return a whole line with a command at its start escaped, which GitHub would run."""
    return _AT_THE_START.sub(r"\1\\u003a", line, count=1) if _AT_THE_START.match(line) else line
