"""A verdict as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..verdict import Finding, Verdict
from ._content import computed, counts, found, groups, headline, page, plain, why

_EMPTY: Mapping[str, str] = {}


def text(verdict: Verdict, *, explain: bool = False, sources: Mapping[str, str] = _EMPTY) -> list[str]:
    """Return the lines, the decision and its reason first.

    Args:
        verdict: What to write.
        explain: Also say how each rule was computed, and where it was set.
        sources: Where each was set, by the name of its option; what is not in here has its default.
    """
    return list(_lines(verdict, sources, explain=explain))


def _lines(verdict: Verdict, sources: Mapping[str, str], *, explain: bool) -> Iterator[str]:
    yield headline(verdict)
    unset = "" if sources else "; no rule is set: the defaults"
    yield f"Run {plain(verdict.run.id)}: {counts(verdict.run)}{unset}"
    for finding in (*verdict.validity, *verdict.quality):
        yield (
            f"  {finding.answer:<14}  {plain(finding.rule)} {plain(finding.threshold)}: {found(finding)}"
            f" (sample {finding.sample})"
        )
        if explain:
            yield f"{'':<18}{_explained(finding, sources)}"
    for group in groups(verdict.run):
        yield f"{group.title}: {group.examples}: {why(group.results[0])}"
    yield from (f"Note: {plain(note)}" for note in verdict.notes)
    if url := page(verdict.run):
        yield f"App: {url}"


def _explained(finding: Finding, sources: Mapping[str, str]) -> str:
    option = finding.rule.split()[0]  # `metric politeness` is set by `metric`
    source = f"from {plain(sources.get(option, 'the default'))}"
    return "; ".join(filter(None, (source, computed(finding))))
