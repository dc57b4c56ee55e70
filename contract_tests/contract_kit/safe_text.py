"""Makes text from documents, servers and clients safe for terminals, XML and Markdown."""

from __future__ import annotations

import re

# Control characters, and characters that reorder or split a line.
_ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# The characters that XML 1.0 cannot contain, not even as references.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&#]")


def terminal_safe(text: str) -> str:
    """Return one line in which every character that would control a terminal is escaped."""
    return _ACTIVE.sub(lambda match: ascii(match[0])[1:-1], " ".join(text.split()))


def xml_safe(text: str) -> str:
    """Return the text without the characters that XML can't contain."""
    return _NOT_XML.sub(lambda match: ascii(match[0])[1:-1], text)


def markdown_safe(text: str) -> str:
    """Return one line that Markdown renders literally, even in a table."""
    return _MARKDOWN.sub(lambda match: f"\\{match[0]}", terminal_safe(text))
