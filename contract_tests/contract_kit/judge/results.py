"""What a client did with each mutant, and how often each verdict occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Self

from attrs import evolve, frozen

from contract_kit.derive.model import LEGAL, PROTOCOL, Mutant, Strictness
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome
from contract_kit.terminal import terminal_safe

from .verdicts import FAULTS, Trend, Verdict, trend, verdict


@frozen
class Result:
    """What a client did with one mutant.

    Attributes:
        mutant: The mutant, without its body: the bodies of 100,000 mutants would fill the memory.
        detail: How the call ended, in a few words.
        earlier: The verdict in the baseline; None if the baseline has no such mutant, or without a baseline.
        trend: How the verdict differs from the baseline; None without a baseline.
        is_ignored: Whether the result is a fault that `--ignore` hides.
    """

    mutant: Mutant
    outcome: Outcome
    detail: str = ""
    earlier: Verdict | None = None
    trend: Trend | None = None
    is_ignored: bool = False

    @classmethod
    def of(cls, mutant: Mutant, outcome: Outcome, detail: str = "") -> Self:
        """Return the result for a mutant."""
        bare = evolve(mutant.response, body=b"", then=None, last_page=None)
        return cls(evolve(mutant, response=bare), outcome, detail)

    @property
    def verdict(self) -> Verdict:
        """The verdict on the outcome."""
        return verdict(self.mutant.expect, self.outcome, self.mutant.response.status)

    @property
    def is_known(self) -> bool:
        """Whether the verdict is a fault or inconclusive, and no worse than in the baseline."""
        return self.verdict.severity > 0 and self.trend in (Trend.BETTER, Trend.UNCHANGED)

    @property
    def is_unserved(self) -> bool:
        """Whether the mutant was not served, because the client did not accept its valid response."""
        return self.outcome is Outcome.INCONCLUSIVE and not self.detail

    @property
    def is_explained(self) -> bool:
        """Whether the verdict needs a reason or the sentence of a standard.

        Two verdicts need no reason: a crash is always a fault, and a client must obviously refuse a body that
        breaks a keyword.
        """
        if self.verdict in (Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED):
            return self.mutant.keyword is None or self.mutant.operator.strictness is not Strictness.MUST
        return self.verdict is Verdict.TOLERATED

    @property
    def citation(self) -> str:
        """The strictness and the sentence of a standard; empty if the verdict needs no explanation."""
        source = self.mutant.operator.source if self.is_explained else ""
        return f"{self.mutant.operator.strictness}: {source}" if source else ""

    @property
    def field(self) -> str:
        """The operation, the status, and the location of the schema, as reports print them.

        For a mutant of HTTP, the mutation operator takes the place of the location.
        """
        mutant = self.mutant
        schema, _, last = mutant.schema_location.rpartition("/")
        # An integer's format may set the bound that is broken.
        is_keyword = mutant.group != LEGAL and last in (mutant.group, "format")
        where = (schema if is_keyword else mutant.schema_location) or mutant.operator.name
        return terminal_safe(f"{mutant.operation.id} {mutant.response.status} {where}")

    def is_hidden_by(self, ignore: Collection[str]) -> bool:
        """Whether the result is a fault whose group or field is one of these names."""
        is_fault = bool(ignore) and self.verdict.is_fault
        return is_fault and not {self.mutant.group, self.field}.isdisjoint(ignore)


@frozen
class Results:
    """What a client did with each mutant, in the order of the document.

    Attributes:
        skipped: The parts of the document that give no mutants.
        controls: The results for the valid responses that the client did not accept.
        has_baseline: Whether the results are compared with a baseline.
        ignore: Names of groups and fields; faults in these groups and fields don't count.
    """

    all: tuple[Result, ...]
    skipped: tuple[Skipped, ...] = ()
    controls: tuple[Result, ...] = ()
    has_baseline: bool = False
    ignore: tuple[str, ...] = ()

    def compared(self, baseline: Mapping[str, Verdict] | None, ignore: tuple[str, ...] = ()) -> Self:
        """Return the results with their trends, and with the faults that are ignored."""

        def one(each: Result) -> Result:
            earlier = (baseline or {}).get(each.mutant.id)
            since = None if baseline is None else trend(earlier, each.verdict)
            return evolve(each, earlier=earlier, trend=since, is_ignored=each.is_hidden_by(ignore))

        every, controls = tuple(map(one, self.all)), tuple(map(one, self.controls))
        return evolve(self, all=every, controls=controls, has_baseline=baseline is not None, ignore=ignore)

    @property
    def ignored(self) -> list[Result]:
        """The faults that are ignored."""
        return [each for each in self.all if each.is_ignored]

    @property
    def ignored_nothing(self) -> list[str]:
        """The entries of `ignore` that match no fault."""
        found = {name for each in self.ignored for name in (each.mutant.group, each.field)}
        return [each for each in self.ignore if each not in found]

    @property
    def _counted(self) -> list[Result]:
        return [each for each in self.all if not each.is_ignored]

    @property
    def failures(self) -> list[Result]:
        """The faults that aren't ignored and are worse than in the baseline.

        The most severe verdict comes first; within a verdict, faults on legal responses come first.
        """
        found = [each for each in self._counted if each.verdict.is_fault and not each.is_known]
        return sorted(found, key=lambda each: (FAULTS.index(each.verdict), each.mutant.group != LEGAL))

    @property
    def inconclusive(self) -> list[Result]:
        """The valid responses that weren't accepted, and the inconclusive results for served mutants."""
        found = (each for each in self.all if each.verdict.is_inconclusive)
        return [*self.controls, *(each for each in found if not each.is_unserved)]

    @property
    def passed(self) -> bool:
        """Whether all faults are ignored or known, and all inconclusive results are known."""
        return not self.failures and all(each.is_known for each in self.inconclusive)

    @property
    def trends(self) -> dict[Trend, int]:
        """The number of results with each trend, without ignored faults; empty without a baseline."""
        found = Counter(each.trend for each in self._counted)
        return {each: found[each] for each in Trend} if self.has_baseline else {}

    @property
    def changes(self) -> Counter[tuple[Trend, Verdict, Verdict]]:
        """The number of results that became better or worse, by trend, earlier verdict and verdict."""
        return Counter(
            (each.trend, each.earlier, each.verdict)
            for each in self._counted
            if each.earlier and each.trend in (Trend.WORSE, Trend.BETTER)
        )

    @property
    def counts(self) -> Counter[Verdict]:
        """The number of results with each verdict."""
        return Counter(each.verdict for each in self.all)

    @property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """The number of results with each verdict, by group: first the keywords, then the other groups."""
        found: dict[str, Counter[Verdict]] = {}
        for each in self.all:
            found.setdefault(each.mutant.group, Counter())[each.verdict] += 1
        last = [name for name in (PROTOCOL, LEGAL) if name in found]
        return {name: found[name] for name in [*sorted(found.keys() - last), *last]}

    @property
    def tolerances(self) -> Counter[tuple[str, Outcome]]:
        """The number of tolerated results, by the reason and the outcome."""
        return Counter(
            (each.mutant.reason, each.outcome) for each in self.all if each.verdict is Verdict.TOLERATED
        )
