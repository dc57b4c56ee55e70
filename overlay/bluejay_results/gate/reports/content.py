"""The texts that the reports share, safe for terminals, XML and CI logs."""

from __future__ import annotations

import re
from functools import cached_property

from attrs import frozen

from ...judging.worst_first import worst_first
from ...results.outcome import Outcome
from ...results.result import SimulationResult
from ...results.run import SimulationRun
from ...writing.safe_text import terminal_safe
from ..verdict import (
    Decision,
    Finding,
    RuleVerdict,
    Verdict,
)

LONGEST = 400
"""The maximum length of one text from the service, in characters."""

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
"""Characters that XML 1.0 or UTF-8 can't encode."""


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, without credentials."""
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
        wanted: The rule's threshold.
        measured: The first part of the measured value.
        verdict: The verdict of the rule.
        details: The rest of the value. Without a value, or if the rule is inconclusive, also the explanation.
    """

    rule: str
    wanted: str
    measured: str
    verdict: RuleVerdict
    details: str


def rows(verdict: Verdict) -> list[Row]:
    """Return a row for each rule, in the order in which the rules were judged."""
    return [_row(each) for each in findings(verdict)]


def _row(finding: Finding) -> Row:
    measured, _, details = plain(finding.value).partition("; ")
    if finding.verdict is RuleVerdict.INCONCLUSIVE or not finding.value:
        details = "; ".join(filter(None, (details, plain(finding.explanation))))
    return Row(plain(finding.rule), plain(finding.threshold), measured or "-", finding.verdict, details)


def findings(verdict: Verdict) -> tuple[Finding, ...]:
    """Return the finding of every rule; empty if the run could not be judged."""
    return (*verdict.validity, *verdict.quality)


def verdicts_text(verdict: Verdict) -> str:
    """Return how many rules were kept, broken and so on."""
    verdicts = [each.verdict for each in findings(verdict)]
    counted = [f"{verdicts.count(each)} {each}" for each in RuleVerdict if each in verdicts]
    return ", ".join(counted) or "rules not evaluated"


def value_text(finding: Finding) -> str:
    """Return the value of a rule or, without a value, the explanation."""
    return plain(finding.value or finding.explanation)


def basis_text(finding: Finding) -> str:
    """Return how the value of a rule was computed; empty if there is no value."""
    return plain(finding.explanation) if finding.value else ""


def outcomes_text(run: SimulationRun) -> str:
    """Return how many conversations have each outcome."""
    counted = run.results_by_outcome.items()
    return (
        ", ".join(f"{len(results)} {outcome}" for outcome, results in counted if results)
        or "no conversations"
    )


def page_url(run: SimulationRun) -> str:
    """Return the URL of the run's page in the app; empty if it is unknown or too long for a browser."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


def reason_text(result: SimulationResult) -> str:
    """Return why a conversation did not pass and, if it failed, which tools it did not call.

    If the conversation passed, return why it may have failed.
    """
    if result.outcome is Outcome.PASSED:
        return plain(result.doubt)
    reason = plain(result.reason).removesuffix(f"; owner: {result.owner}")
    if result.outcome is Outcome.FAILED and result.missing_tools and not result.goal_success:
        return f"{reason}; missing tools: {plain(', '.join(result.missing_tools))}"
    return reason


@frozen
class Reason:
    """A reason, and the conversations that did not pass for that reason, the worst first."""

    text: str
    results: list[SimulationResult]

    def __str__(self) -> str:
        ids = ", ".join(f"{each.id}" for each in self.results[:_EXAMPLES])
        more = len(self.results) - _EXAMPLES
        return f"{ids}{f' and {more} more' if more > 0 else ''}: {self.text}"


@frozen
class Group:
    """The failed and void conversations of one owner, or the doubtful ones that passed; the worst first.

    Attributes:
        owner: Who has to act; empty if the conversations passed.
        results: The conversations.
    """

    owner: str
    results: list[SimulationResult]

    @property
    def title(self) -> str:
        """Who has to act, the number of conversations, their outcome, and the reason if they share it."""
        counted = f"{self._who}: {len(self.results)} {self.results[0].outcome}"
        return f"{counted}, {_GOAL}" if self._is_goal_shared else counted

    @property
    def reasons(self) -> list[Reason]:
        """The different reasons, the most frequent first, without the part that is in the title."""
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
        return [reason_text(each) for each in self.results]

    @cached_property
    def _is_goal_shared(self) -> bool:
        return len(set(self._texts)) > 1 and all(each.is_goal_missed for each in self.results)


def groups(verdict: Verdict) -> list[Group]:
    """Return the failed and the void conversations by owner, the worst first.

    The last group contains the conversations that passed, but whose doubt makes a rule inconclusive.
    """
    by_owner: dict[str, Group] = {}
    for each in worst_first(verdict.run):
        if each.outcome is not Outcome.UNDER_WAY:
            name = each.owner or "unknown"
            by_owner.setdefault(name, Group(name, [])).results.append(each)
    found = {each.id: each for finding in findings(verdict) for each in finding.doubtful}
    passed = [each for each in found.values() if each.outcome is Outcome.PASSED]
    return [*by_owner.values(), *([Group("", passed)] if passed else [])]
