"""A verdict as the body of a comment on a pull request."""

from __future__ import annotations

from urllib.parse import quote

from ..verdict import Answer, Verdict
from ._content import counts, groups, headline, plain, why
from ._markdown import escaped, linked, rule_table

_MOST_RULES = 8


def comment(verdict: Verdict) -> str:
    """Return a short Markdown text that begins with a marker, by which the next one can replace it."""
    run = verdict.run
    findings = (*verdict.validity, *verdict.quality)
    others = [each for each in findings if each.answer is not Answer.KEPT]
    others.sort(key=lambda each: [*Answer].index(each.answer))  # the broken ones first
    kept = len(findings) - len(others)
    lines = [
        _marker(run.simulation_id),
        f"**{escaped(headline(verdict), None)}**",
        "",
        f"{linked(f'Run {run.id}', run)}: {counts(run)}; {kept} of {len(findings)} rules kept",
    ]
    if others:
        lines += ["", *rule_table(others[:_MOST_RULES])]
    if more := len(others[_MOST_RULES:]):
        lines += ["", f"and {more} more that are not kept"]
    lines.append("")
    for group in groups(run):
        reason = escaped(why(group.results[0]))
        lines.append(f"- {escaped(group.title)}: {escaped(group.examples)}: {reason}")
    return "\n".join(lines) + "\n"


def _marker(simulation_id: str) -> str:
    """Return a comment that the id can't end: `>` is written %3E, and no two dashes stand together."""
    name = quote(plain(simulation_id), safe="").replace("--", "-%2D")
    return f"<!-- bluejay-results gate {name} -->"
