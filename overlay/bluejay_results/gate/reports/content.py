"""Makes the texts of a verdict safe for terminals, XML and CI logs, and cuts long received texts."""

from __future__ import annotations

import re

from attrs import asdict

from ...writing.run_view import RunFacts
from ...writing.safe_text import terminal_safe
from .. import words
from ..verdict import Verdict

LONGEST = 400
"""The maximum length of one text from the service, in characters."""

_LONGEST_URL = 2_000
_NOT_PLAIN = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 or UTF-8 can't encode."""


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, without credentials."""
    line = terminal_safe(f"{value}", limit)
    return _NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def headline(view: Verdict) -> str:
    """Return the decision and its reason."""
    return plain(words.headline(view), 2 * LONGEST)


def rule_lines(view: Verdict) -> list[words.Line]:
    """Return a line for each condition and each rule; none if the run was not judged by them."""
    lines = map(asdict, words.rule_lines(view))
    return [words.Line(**{name: plain(text) for name, text in each.items()}) for each in lines]


def page_url(run: RunFacts) -> str:
    """Return the URL of the run's page in the app; empty if it is unknown or too long for a browser."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""
