"""Makes text safe for terminals and CI logs: without control characters, commands or credentials."""

import re

from bluejay_results._log_commands import without_command_at_start, without_log_commands
from bluejay_results._secrets import masked as masked

# Control characters, characters that reorder or split a line, and those that XML 1.0 or UTF-8 can't encode.
_ACTIVE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def terminal_safe(text: str, limit: int | None = None) -> str:
    """Return `text` as part of a line, with control characters and CI commands escaped.

    Keys and URL signatures are masked.
    """
    line = _escaped(masked(" ".join(text.split())))
    return line if limit is None or len(line) <= limit else f"{line[:limit]}…"


def safe_line(line: str) -> str:
    """Return an entire line with control characters and CI commands escaped; spaces are kept."""
    return without_command_at_start(_escaped(line))


def _escaped(text: str) -> str:
    return without_log_commands(_ACTIVE.sub(lambda match: ascii(match[0])[1:-1], text))
