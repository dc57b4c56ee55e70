"""A verdict as the body of a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from ..verdict import Verdict
from ..words import notes
from .content import Group, groups, headline, plain
from .failure import Failure
from .markdown import counts, escaped, link, rule_table

_MOST_RULES = 8
_MOST_REASONS = 3
_MOST_NOTES = 5
_UNREMARKABLE = frozenset({"met", "kept"})


def comment(verdict: Verdict) -> str:
    """Return a short Markdown text; it begins with a marker, so that the next comment can replace it."""
    lines = [_marker(verdict.run.simulation_id), f"**{escaped(headline(verdict), None)}**", ""]
    lines += counts(verdict)
    lines += rule_table(verdict, _MOST_RULES, without=_UNREMARKABLE)
    lines.append("")
    for group in groups(verdict):
        lines += _group(group)
    noted = notes(verdict)
    lines += [f"- Note: {escaped(note)}" for note in noted[:_MOST_NOTES]]
    if more := len(noted[_MOST_NOTES:]):
        lines.append(f"- and {more} more notes")
    return "\n".join(lines) + "\n"


def failure_comment(failure: Failure) -> str:
    """Return a comment that says why there is no verdict; it replaces the comment of an earlier verdict."""
    lines = [_marker(failure.simulation_id), f"**{escaped(failure.headline, None)}**"]
    if failure.run_id:
        lines += ["", link(f"Run {failure.run_id}", failure.url)]
    return "\n".join(lines) + "\n"


def _group(group: Group) -> Iterator[str]:
    """Yield a group's title and reasons; if there is only one reason, yield both on one line."""
    reasons = group.reasons
    if len(reasons) == 1:
        yield f"- {escaped(group.title)}: {escaped(reasons[0], None)}"
        return
    yield f"- {escaped(group.title)}"
    yield from (f"  - {escaped(each, None)}" for each in reasons[:_MOST_REASONS])
    if more := reasons[_MOST_REASONS:]:
        yield f"  - and {sum(len(each.results) for each in more)} more"


def _marker(simulation_id: str) -> str:
    """Return an HTML comment that the id can't close: `>` and double dashes are percent-encoded."""
    name = quote(plain(simulation_id), safe="").replace("--", "-%2D")
    return f"<!-- {' '.join(filter(None, ('bluejay-results gate', name)))} -->"
