"""The texts that the reports share, safe for terminals, XML and CI logs."""

from __future__ import annotations

import re
from collections import defaultdict

from attrs import frozen

from ...results.outcome import Outcome
from ...results.result import SimulationResult
from ...results.run import SimulationRun
from ...writing.safe_text import terminal_safe
from .. import words
from ..rule_words import Line, names_text
from ..verdict import Verdict

LONGEST = 400
"""The maximum length of one text from the service, in characters."""

_LONGEST_URL = 2_000
_EXAMPLES = 3

_NOT_PLAIN = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 or UTF-8 can't encode."""


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, without credentials."""
    line = terminal_safe(f"{value}", limit)
    return _NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def headline(verdict: Verdict) -> str:
    """Return the decision and its reason."""
    return plain(words.first_line(verdict), 2 * LONGEST)


def rule_lines(verdict: Verdict) -> list[Line]:
    """Return a line for each condition and each rule; none if the run was not judged by them."""
    return [
        Line(plain(each.name), plain(each.rule), plain(each.value), each.verdict, plain(each.remark))
        for each in words.rule_lines(verdict)
    ]


def pass_rate_text(verdict: Verdict) -> str:
    """Return the pass rate with its bounds and its interval; empty if the run was not judged."""
    return words.pass_rate_line(verdict.pass_rate) if verdict.measurement else ""


def outcomes_text(run: SimulationRun) -> str:
    """Return how many conversations have each outcome, and how many are missing."""
    counts = {outcome.value: len(results) for outcome, results in run.results_by_outcome.items()}
    counted = [
        f"{count} {name}" for name, count in (counts | {"missing": run.missing_count}).items() if count
    ]
    return ", ".join(counted) or "no conversations"


def page_url(run: SimulationRun) -> str:
    """Return the URL of the run's page in the app; empty if it is unknown or too long for a browser."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


@frozen
class Group:
    """The conversations with one outcome that one owner has to act on, the worst first.

    Attributes:
        outcome: The outcome; not `passed`.
        owner: Who has to act; None if nobody is known.
        results: The conversations.
    """

    outcome: Outcome
    owner: str | None
    results: list[SimulationResult]

    @property
    def title(self) -> str:
        """The number of conversations, their outcome, and who has to act."""
        owner = f"; {self.owner} has to act" if self.owner else ""
        return f"{len(self.results)} {self.outcome}{owner}"

    @property
    def reasons(self) -> list[str]:
        """The ids and the reason of conversations with the same reason; that of the first conversation first.

        Then come the most frequent reasons.
        """
        ids_of = defaultdict[str, list[str]](list)
        for each in self.results:
            ids_of[plain(each.reason)].append(f"{each.id}")
        first, *others = ids_of.items()
        ordered = [first, *sorted(others, key=lambda each: -len(each[1]))]
        return [f"{names_text(ids, _EXAMPLES)}: {text}" for text, ids in ordered]


def groups(verdict: Verdict) -> list[Group]:
    """Return the conversations that did not pass; the one that the first line names is the first."""
    found: dict[tuple[Outcome, str | None], Group] = {}
    for each in words.not_passed(verdict):
        key = each.outcome, each.owner
        found.setdefault(key, Group(*key, [])).results.append(each)
    return list(found.values())
