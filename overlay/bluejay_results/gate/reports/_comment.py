"""A verdict as the body of a comment on a pull request."""

from __future__ import annotations

from urllib.parse import quote

from ..verdict import Answer, Verdict
from ._content import counts, groups, headline, plain, why
from ._markdown import escaped, linked, rule_table

_MOST_RULES = 8
_MOST_GROUPS = 5
_LONGEST_REASON = 200


def comment(verdict: Verdict) -> str:
    """Return a short Markdown text that begins with a marker, by which the next one can replace it."""
    run = verdict.run
    findings = (*verdict.quality, *verdict.validity)
    listed = [each for each in findings if each.answer is not Answer.KEPT]
    kept = len(findings) - len(listed)
    lines = [
        _marker(run.simulation_id),
        f"**{escaped(headline(verdict), None)}**",
        "",
        f"{linked(f'Run {run.id}', run)}: {counts(run)}; {kept} of {len(findings)} rules kept",
    ]
    if listed:
        lines += ["", *rule_table(listed[:_MOST_RULES])]
    owners = groups(run)
    if owners:
        lines.append("")
    for group in owners[:_MOST_GROUPS]:
        reason = escaped(why(group.results[0]), _LONGEST_REASON)
        lines.append(f"- {escaped(group.title)}: {escaped(group.examples)}: {reason}")
    return "\n".join(lines) + "\n"


def _marker(simulation_id: str) -> str:
    """Return a comment that the id can't end: `>` is written %3E, and no two dashes stand together."""
    name = quote(plain(simulation_id), safe="").replace("--", "-%2D")
    return f"<!-- bluejay-results gate {name} -->"
