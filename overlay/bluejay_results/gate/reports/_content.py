"""What the reports say, in text that neither a format, a terminal nor a CI log takes for its own."""

from __future__ import annotations

import re

from attrs import frozen

from ..._worst_first import worst_first
from ...cli.text import terminal_safe
from ...result import Outcome, SimulationResult
from ...run import SimulationRun
from ..verdict import Decision, Finding, Verdict

LONGEST = 400
"""Characters of one text of the service that are shown."""

_LONGEST_URL = 2_000
_EXAMPLES = 3
_AGENT = "the agent"
_WORDS = {
    Decision.SHIP: "ship",
    Decision.DO_NOT_SHIP: "don't ship",
    Decision.NOT_SETTLED: "not settled",
    Decision.VIOLATION: "violation",
    Decision.INCONCLUSIVE: "inconclusive",
}

# What XML 1.0 and UTF-8 can't write, and what a CI system takes for a command anywhere in a line of a log:
# `##[name` GitHub, `##vso[name` Azure, `##teamcity[name` TeamCity. `::name` is one only at the start of a
# line, and no line of a report starts with a text of the service.
_NOT_PLAIN = re.compile(r"[\ud800-\udfff\ufffe\uffff]|(?<=#)#(?=\w*\[)")


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, and holds no credential."""
    line = terminal_safe(f"{value}", limit)
    return _NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def headline(verdict: Verdict) -> str:
    """Return the decision and its reason."""
    word, reason = _WORDS[verdict.decision], plain(verdict.reason, 2 * LONGEST)
    return reason if reason.startswith(word) else f"{word}: {reason}"


def found(finding: Finding) -> str:
    """Return what a rule found, or why it found nothing."""
    return plain(finding.value or finding.explanation)


def computed(finding: Finding) -> str:
    """Return how a rule was computed; empty where `found` says that."""
    return plain(finding.explanation) if finding.value else ""


def counts(run: SimulationRun) -> str:
    """Return how many conversations came to what."""
    counted = run.results_by_outcome.items()
    return ", ".join(f"{len(results)} {outcome}" for outcome, results in counted if results) or "none"


def page(run: SimulationRun) -> str:
    """Return the address of the run's page; empty where it has none that a browser would take."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


def why(result: SimulationResult) -> str:
    """Return why a conversation did not pass, with the tools that a failed one did not call."""
    reason = plain(result.reason)
    if result.outcome is Outcome.FAILED and result.missing_tools and not result.goal_success:
        return f"{reason}; missing tools: {plain(', '.join(result.missing_tools))}"
    return reason


def owner(result: SimulationResult) -> str:
    """Return who has to act on a conversation that did not pass; a failure is the agent's."""
    return _AGENT if result.outcome is Outcome.FAILED else result.owner or "unknown"


@frozen
class Group:
    """Conversations that failed, or that are void, with one owner; the worst first."""

    owner: str
    results: list[SimulationResult]

    @property
    def title(self) -> str:
        """Whose they are, how many, and what came of them."""
        return f"{self.owner}: {len(self.results)} {self.results[0].outcome}"

    @property
    def examples(self) -> str:
        """The first ids, and how many more there are."""
        ids = ", ".join(f"{each.id}" for each in self.results[:_EXAMPLES])
        more = len(self.results) - _EXAMPLES
        return f"{ids} and {more} more" if more > 0 else ids


def groups(run: SimulationRun) -> list[Group]:
    """Return the failed and the void conversations by owner, the worst first."""
    by_owner: dict[str, Group] = {}
    for each in worst_first(run):
        if each.outcome is not Outcome.UNDER_WAY:
            by_owner.setdefault(owner(each), Group(owner(each), [])).results.append(each)
    return list(by_owner.values())
