"""The results of a run: how the client handled each mutant, and how often each verdict occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from typing import Self

from attrs import evolve, frozen

from contract_kit.derive.model import CLIENT, LEGAL, PROTOCOL, Mutant, Role
from contract_kit.derive.strictness import Strictness
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome
from contract_kit.serve.returned import NOTHING, Returned

from .effects import Finding
from .excerpts import Excerpt
from .fields import field_of, ignorable
from .verdicts import FAULTS, Verdict, verdict

NEW, GONE = "new", "gone"
"""What `fail_on` can contain. A fault that is worse than in the baseline always makes the run fail."""


def bare(mutant: Mutant) -> Mutant:
    """Return a copy of a mutant without its bodies."""
    response = evolve(mutant.response, body=b"", then=None, last_page=None)
    return evolve(mutant, response=response, valid_body=b"")


@frozen
class Result:
    """What a client did with one mutant.

    Attributes:
        mutant: The mutant, without its bodies, because the bodies of 100,000 mutants wouldn't fit in memory.
        detail: How the call ended, in a few words.
        advice: What to change if the result is inconclusive, one line per change.
        returned: What the client returned; empty after the comparison.
        finding: What the client's caller got; None if the client didn't accept the response, unless its error
            lost the status, or if the comparison isn't possible.
        not_compared: Why the comparison isn't possible.
        excerpt: Where a fault's body differs from the valid body; None if the bodies are the same.
        is_known: Whether the result is a fault or inconclusive, and no worse than in the baseline.
        is_new: Whether the result is a fault or inconclusive, and not covered by the baseline.
        is_ignored: Whether the result is a fault that `--ignore` hides.
    """

    mutant: Mutant
    outcome: Outcome
    detail: str = ""
    advice: tuple[str, ...] = ()
    returned: Returned = NOTHING
    finding: Finding | None = None
    not_compared: str = ""
    excerpt: Excerpt | None = None
    is_known: bool = False
    is_new: bool = False
    is_ignored: bool = False

    @classmethod
    def of(cls, mutant: Mutant, outcome: Outcome, detail: str = "", advice: Iterable[str] = ()) -> Self:
        """Return a mutant's result, without the mutant's bodies."""
        return cls(bare(mutant), outcome, detail, tuple(advice))

    @property
    def verdict(self) -> Verdict:
        """The verdict on the outcome and on what the caller got."""
        effect = self.finding.effect if self.finding else None
        return verdict(self.mutant.expect, self.outcome, self.mutant.status, effect)

    @property
    def excuse(self) -> str:
        """Why the result doesn't make a run fail, in a few words; empty if no reason applies."""
        reasons = {"ignored": self.is_ignored, "known from the baseline": self.is_known, "new": self.is_new}
        return next((reason for reason, applies in reasons.items() if applies), "")

    @property
    def is_unserved(self) -> bool:
        """Whether nothing is known, for a reason in `Results.controls`: the mutant's valid response."""
        return self.outcome is Outcome.INCONCLUSIVE and not self.detail

    @property
    def is_explained(self) -> bool:
        """Whether the verdict needs to be explained by a reason or a sentence from a standard.

        Two verdicts need no explanation: a crash is always a fault, and a client must obviously refuse a body
        that breaks a keyword.
        """
        if self.verdict.is_fault and self.verdict not in (Verdict.CRASHED, Verdict.HUNG):
            return self.mutant.keyword is None or self.mutant.operator.strictness is not Strictness.MUST
        return self.verdict is Verdict.TOLERATED

    @property
    def citation(self) -> str:
        """A sentence from a standard if the verdict needs a citation, and an issue about such a response."""
        operator = self.mutant.operator
        source = f"{operator.strictness}: {operator.source}" if self.is_explained and operator.source else ""
        issue = f"Reported in {operator.incident}" if self.verdict.is_fault and operator.incident else ""
        return ". ".join(filter(None, [source.removesuffix("."), issue]))

    @property
    def field(self) -> str:
        """The name of the broken schema or, for an HTTP mutant, the mutation operator."""
        return field_of(self.mutant)

    def is_hidden_by(self, ignore: Set[str]) -> bool:
        """Whether the result is a fault that matches any of these `--ignore` values."""
        return bool(ignore) and self.verdict.is_fault and not ignore.isdisjoint(ignorable(self.mutant))


@frozen
class Since:
    """How a run compares with a baseline.

    Attributes:
        gone: The ids of the baseline's faults whose mutants can no longer be made from the document.
        better: The number of the baseline's faults that are now fixed or less severe.
        robustness: The baseline's robustness in percent; None if unknown.
        unread: The number of fields that the client didn't read at that time.
        fail_on: What else makes the run fail: `new`, `gone`.
    """

    gone: tuple[str, ...]
    better: int
    robustness: int | None
    unread: int
    fail_on: frozenset[str]


@frozen
class Results:
    """The results of a run, in document order.

    Attributes:
        skipped: The parts of the document that yield no mutants.
        controls: The results for valid responses that the client didn't accept each time.
        since: The comparison with a baseline; None without a baseline.
        ignore: The values of `--ignore`.
        allow_uncovered: Whether to ignore references that lead nowhere.
    """

    all: tuple[Result, ...]
    skipped: tuple[Skipped, ...] = ()
    controls: tuple[Result, ...] = ()
    since: Since | None = None
    ignore: tuple[str, ...] = ()
    allow_uncovered: bool = False

    @property
    def role(self) -> Role:
        """Whether a client or a receiver was tested."""
        return next((each.mutant.operation.role for each in (*self.controls, *self.all)), CLIENT)

    def ignoring(self, ignore: tuple[str, ...]) -> Self:
        """Return the results, hiding faults that match these `--ignore` values."""
        hidden = set(ignore)
        every = tuple(evolve(each, is_ignored=each.is_hidden_by(hidden)) for each in self.all)
        return evolve(self, all=every, ignore=ignore)

    @property
    def ignored(self) -> list[Result]:
        """The faults that `--ignore` hides."""
        return [each for each in self.all if each.is_ignored]

    @property
    def ignored_nothing(self) -> list[str]:
        """The `--ignore` values that don't match any fault."""
        found = {name for each in self.ignored for name in ignorable(each.mutant)}
        return [each for each in self.ignore if each not in found]

    def counts_against(self, result: Result) -> bool:
        """Whether a result makes the run fail, or makes it inconclusive if the result is inconclusive."""
        is_excused = result.is_ignored or result.is_known or (result.is_new and not self._fails_on(NEW))
        return result.verdict.severity > 0 and not is_excused

    @property
    def failures(self) -> list[Result]:
        """The faults that make the run fail.

        They are sorted by verdict, the most severe first. Within a verdict, faults on legal responses come
        first, then near misses. Within each of these groups, faults that concern HTTP come first, such as an
        error with a success status.
        """
        return _sorted(each for each in self.all if each.verdict.is_fault and self.counts_against(each))

    @property
    def new(self) -> list[Result]:
        """The faults that the baseline doesn't cover, in the same order as `failures`."""
        found = (each for each in self.all if each.verdict.is_fault and not each.is_ignored)
        return _sorted(each for each in found if each.is_new)

    @property
    def worse(self) -> int:
        """The number of faults that are worse than in the baseline."""
        return sum(not each.is_new for each in self.failures)

    @property
    def inconclusive(self) -> list[Result]:
        """Results for valid responses that weren't accepted, and inconclusive results for served mutants."""
        found = (each for each in self.all if each.verdict.is_inconclusive)
        return [*self.controls, *(each for each in found if not each.is_unserved)]

    @property
    def broken(self) -> list[Skipped]:
        """The skipped parts whose references lead nowhere; empty if `allow_uncovered` is set."""
        return [] if self.allow_uncovered else [each for each in self.skipped if each.is_broken]

    @property
    def is_faulty(self) -> bool:
        """Whether any fault counts, or any gone fault does.

        If a reference in the document leads nowhere, gone faults count, because the reference might be the
        cause.
        """
        gone = self.since.gone if self.since else ()
        return bool(self.failures) or bool(gone and (self.broken or self._fails_on(GONE)))

    @property
    def is_inconclusive(self) -> bool:
        """Whether any inconclusive result counts."""
        return any(map(self.counts_against, self.inconclusive))

    @property
    def passed(self) -> bool:
        """Whether no faults or inconclusive results count, and no reference is broken."""
        return not self.is_faulty and not self.is_inconclusive and not self.broken

    def _fails_on(self, what: str) -> bool:
        return self.since is not None and what in self.since.fail_on

    @property
    def counts(self) -> Counter[Verdict]:
        """The number of results with each verdict."""
        return Counter(each.verdict for each in self.all)

    @property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """The number of results with each verdict, by group: the keywords first, then the other groups."""
        found: dict[str, Counter[Verdict]] = {}
        for each in self.all:
            found.setdefault(each.mutant.group, Counter())[each.verdict] += 1
        last = [name for name in (PROTOCOL, LEGAL) if name in found]
        return {name: found[name] for name in [*sorted(found.keys() - last), *last]}

    @property
    def tolerances(self) -> Counter[tuple[str, Outcome]]:
        """The number of tolerated results, by reason and outcome."""
        return Counter(
            (each.mutant.reason, each.outcome) for each in self.all if each.verdict is Verdict.TOLERATED
        )


def _sorted(faults: Iterable[Result]) -> list[Result]:
    def rank(each: Result) -> tuple[int, bool, bool, bool]:
        group, incident = each.mutant.group, each.mutant.operator.incident
        return FAULTS.index(each.verdict), group != LEGAL, not incident, group != PROTOCOL

    return sorted(faults, key=rank)
