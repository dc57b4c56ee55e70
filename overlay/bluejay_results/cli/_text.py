"""Text for a terminal: what people type and servers send is shown, never obeyed."""

import re

# Control characters, and those that reorder or split a line.
_ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def inert(text: str, limit: int | None = None) -> str:
    """Return `text` as one line in which every character that a terminal would obey is written out."""
    line = _ACTIVE.sub(lambda match: ascii(match[0])[1:-1], " ".join(text.split()))
    return line if limit is None or len(line) <= limit else f"{line[:limit]}…"
