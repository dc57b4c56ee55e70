"""What the reports say, in text that neither a format, a terminal nor a CI log takes for its own."""

from __future__ import annotations

import re
from functools import cached_property

from attrs import frozen

from ...judging.worst_first import worst_first
from ...results.result import Outcome, SimulationResult
from ...results.run import SimulationRun
from ...writing.safe_text import terminal_safe
from ..verdict import (
    Answer,
    Decision,
    Finding,
    Verdict,
)

LONGEST = 400
"""Characters of one text of the service that are shown."""

_LONGEST_URL = 2_000
_EXAMPLES = 3
_GOAL = "goal not reached"
_HEADINGS = {"": "May have failed", "unknown": "Owner unknown"}
_WORDS = {
    Decision.SHIP: "ship",
    Decision.DO_NOT_SHIP: "don't ship",
    Decision.NOT_SETTLED: "not settled",
    Decision.VIOLATION: "violation",
    Decision.INCONCLUSIVE: "inconclusive",
}

_NOT_PLAIN = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 and UTF-8 can't write."""


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, and holds no credential."""
    line = terminal_safe(f"{value}", limit)
    return _NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def headline(verdict: Verdict) -> str:
    """Return the decision and its reason."""
    word, reason = _WORDS[verdict.decision], plain(verdict.reason, 2 * LONGEST)
    return f"{word}: {reason}" if verdict.decision is Decision.VIOLATION else reason


@frozen
class Row:
    """A rule in a table.

    Attributes:
        rule: The rule's name.
        wanted: Its threshold.
        measured: The value in short.
        answer: Whether the rule is kept or broken, or why neither.
        details: What a short table leaves out; empty where that is nothing.
    """

    rule: str
    wanted: str
    measured: str
    answer: Answer
    details: str


def rows(verdict: Verdict) -> list[Row]:
    """Return a row for each rule, in the order in which they were judged."""
    return [_row(each) for each in findings(verdict)]


def _row(finding: Finding) -> Row:
    measured, _, details = plain(finding.value).partition("; ")
    if finding.answer is Answer.INCONCLUSIVE or not finding.value:
        details = "; ".join(filter(None, (details, plain(finding.explanation))))
    return Row(plain(finding.rule), plain(finding.threshold), measured or "-", finding.answer, details)


def findings(verdict: Verdict) -> tuple[Finding, ...]:
    """Return the finding of every rule; empty if the run could not be judged."""
    return (*verdict.validity, *verdict.quality)


def tally(verdict: Verdict) -> str:
    """Return how many rules were kept, broken and so on."""
    answers = [each.answer for each in findings(verdict)]
    counted = [f"{answers.count(answer)} {answer}" for answer in Answer if answer in answers]
    return ", ".join(counted) or "rules not evaluated"


def found(finding: Finding) -> str:
    """Return what a rule found, or why it found nothing."""
    return plain(finding.value or finding.explanation)


def computed(finding: Finding) -> str:
    """Return how a rule was computed; empty where `found` says that."""
    return plain(finding.explanation) if finding.value else ""


def counts(run: SimulationRun) -> str:
    """Return how many conversations came to what."""
    counted = run.results_by_outcome.items()
    return (
        ", ".join(f"{len(results)} {outcome}" for outcome, results in counted if results)
        or "no conversations"
    )


def page(run: SimulationRun) -> str:
    """Return the address of the run's page; empty where it has none that a browser would take."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


def why(result: SimulationResult) -> str:
    """Return why a conversation did not pass, with the tools that a failed one did not call.

    For one that passed, return why it may have failed.
    """
    if result.outcome is Outcome.PASSED:
        return plain(result.doubt)
    reason = plain(result.reason).removesuffix(f"; owner: {result.owner}")
    if result.outcome is Outcome.FAILED and result.missing_tools and not result.goal_success:
        return f"{reason}; missing tools: {plain(', '.join(result.missing_tools))}"
    return reason


@frozen
class Reason:
    """Conversations that did not pass for one reason, the worst first."""

    text: str
    results: list[SimulationResult]

    def __str__(self) -> str:
        ids = ", ".join(f"{each.id}" for each in self.results[:_EXAMPLES])
        more = len(self.results) - _EXAMPLES
        return f"{ids}{f' and {more} more' if more > 0 else ''}: {self.text}"


@frozen
class Group:
    """Conversations that failed or are void, with one owner, or that passed in doubt; the worst first.

    Attributes:
        owner: Who has to act; empty where the conversations passed.
        results: The conversations.
    """

    owner: str
    results: list[SimulationResult]

    @property
    def title(self) -> str:
        """Who has to act, on how many conversations, their outcome, and the reason that all share."""
        counted = f"{self._who}: {len(self.results)} {self.results[0].outcome}"
        return f"{counted}, {_GOAL}" if self._is_goal_shared else counted

    @property
    def reasons(self) -> list[Reason]:
        """Each reason once, the most frequent first, without what the title says."""
        by_text: dict[str, list[SimulationResult]] = {}
        for text, result in zip(self._texts, self.results, strict=True):
            rest = text.removeprefix(f"{_GOAL}: ") if self._is_goal_shared else text
            by_text.setdefault(rest, []).append(result)
        reasons = [Reason(text, results) for text, results in by_text.items()]
        return sorted(reasons, key=lambda each: -len(each.results))

    @property
    def _who(self) -> str:
        name = self.owner.removeprefix("the ")
        heading = name[:1].upper() + name[1:]
        return f"{heading} to fix" if name != self.owner else _HEADINGS.get(self.owner, heading)

    @cached_property
    def _texts(self) -> list[str]:
        return [why(each) for each in self.results]

    @cached_property
    def _is_goal_shared(self) -> bool:
        return len(set(self._texts)) > 1 and all(each.is_goal_missed for each in self.results)


def groups(verdict: Verdict) -> list[Group]:
    """Return the failed and the void conversations by owner, the worst first.

    The last group are those that passed and whose doubt makes a rule inconclusive.
    """
    by_owner: dict[str, Group] = {}
    for each in worst_first(verdict.run):
        if each.outcome is not Outcome.UNDER_WAY:
            name = each.owner or "unknown"
            by_owner.setdefault(name, Group(name, [])).results.append(each)
    found = {each.id: each for finding in findings(verdict) for each in finding.doubtful}
    passed = [each for each in found.values() if each.outcome is Outcome.PASSED]
    return [*by_owner.values(), *([Group("", passed)] if passed else [])]
