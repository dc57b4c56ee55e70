"""The matrix: what a client did with each mutant, whether that was right, and which verdicts got worse."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Mapping

from attrs import frozen

from contract_kit.derive.model import LEGAL, PROTOCOL, Expect, Mutant, Strictness
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome
from contract_kit.terminal import terminal_safe


class Verdict(enum.StrEnum):
    """The judgement of a client's outcome, given what the client should have done.

    A refused mutant without a success status (2xx) counts as refused by status, because the client may not
    have read its body. NOT_REQUESTED: the client never requested the mutant. INCONCLUSIVE: the client did not
    accept the valid response that the mutant is made from, or it was still retrying when its time ran out.
    """

    REFUSED_BY_STATUS = "refused by status"
    REFUSED_BY_BODY = "refused by body"
    ACCEPTED = "accepted"
    TOLERATED = "tolerated"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REFUSED = "wrongly refused"
    CRASHED = "crashed"
    HUNG = "hung"
    NOT_REQUESTED = "not requested"
    INCONCLUSIVE = "inconclusive"

    @property
    def bad(self) -> bool:
        """Whether the verdict is a fault of the client."""
        return self in BAD

    @property
    def is_inconclusive(self) -> bool:
        """Whether the verdict says nothing about the client."""
        return self in (Verdict.NOT_REQUESTED, Verdict.INCONCLUSIVE)


class Trend(enum.StrEnum):
    """How a verdict differs from the verdict on the same mutant in the baseline.

    WORSE: the verdict is a fault, and the baseline has no fault or a less severe fault. INCONCLUSIVE: the
    verdict is inconclusive, but the baseline's verdict isn't. NEW: the verdict isn't a fault, and the mutant
    isn't in the baseline.
    """

    WORSE = "worse"
    BETTER = "better"
    UNCHANGED = "unchanged"
    NEW = "new"
    INCONCLUSIVE = "inconclusive"


BAD = (Verdict.HUNG, Verdict.CRASHED, Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED)
"""The verdicts that are faults, in the order in which reports list them."""

_SEVERITY = {
    Verdict.NOT_REQUESTED: 1,
    Verdict.INCONCLUSIVE: 1,
    Verdict.WRONGLY_ACCEPTED: 2,
    Verdict.WRONGLY_REFUSED: 2,
    Verdict.CRASHED: 3,
    Verdict.HUNG: 4,
}
"""How severe each verdict is. Verdicts that are not listed here are right, so their severity is 0."""

_WHEN_RIGHT = {
    (Expect.REFUSE, Outcome.REFUSED): Verdict.REFUSED_BY_BODY,
    (Expect.REFUSE, Outcome.ACCEPTED): Verdict.WRONGLY_ACCEPTED,
    (Expect.ACCEPT, Outcome.REFUSED): Verdict.WRONGLY_REFUSED,
    (Expect.ACCEPT, Outcome.ACCEPTED): Verdict.ACCEPTED,
    (Expect.EITHER, Outcome.REFUSED): Verdict.TOLERATED,
    (Expect.EITHER, Outcome.ACCEPTED): Verdict.TOLERATED,
}


def verdict(expect: Expect, outcome: Outcome, status: int = 200) -> Verdict:
    """Return the verdict on an outcome. Crashing or hanging is a fault whatever the response was."""
    found = _WHEN_RIGHT.get((expect, outcome)) or Verdict(outcome)
    by_status = found is Verdict.REFUSED_BY_BODY and not 200 <= status < 300
    return Verdict.REFUSED_BY_STATUS if by_status else found


@frozen
class Row:
    """What a client did with one mutant. The attributes of a mutant are described in `Mutant`.

    Attributes:
        operation: The id of the operation.
        outcome: What the client did.
        detail: How the call ended, in a few words.
        status: The HTTP status of the mutant.
    """

    id: str
    operation: str
    group: str
    location: str
    schema_location: str
    breaks: str
    reason: str
    expect: Expect
    outcome: Outcome
    detail: str
    status: int = 200
    operator: str = ""
    strictness: Strictness = Strictness.MUST
    source: str = ""

    @classmethod
    def of(cls, mutant: Mutant, outcome: Outcome, detail: str) -> Row:
        """Return the row of a mutant."""
        return cls(
            mutant.id,
            mutant.operation.id,
            mutant.group,
            mutant.location,
            mutant.schema_location,
            mutant.breaks,
            mutant.reason,
            mutant.expect,
            outcome,
            detail,
            mutant.response.status,
            mutant.operator,
            mutant.strictness,
            mutant.source,
        )

    @property
    def verdict(self) -> Verdict:
        """The verdict on the outcome."""
        return verdict(self.expect, self.outcome, self.status)

    @property
    def keyword(self) -> str | None:
        """The JSON Schema keyword that the mutant breaks; None for legal and protocol mutants."""
        return None if self.group in (LEGAL, PROTOCOL) else self.group

    @property
    def is_explained(self) -> bool:
        """Whether the verdict needs a reason or the sentence of a standard.

        Two verdicts need no reason: a crash is always a fault, and a client must obviously refuse a body that
        breaks a keyword.
        """
        if self.verdict in (Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED):
            return self.keyword is None or self.strictness is not Strictness.MUST
        return self.verdict is Verdict.TOLERATED

    @property
    def citation(self) -> str:
        """The strictness and the sentence of a standard; empty if the verdict needs no explanation."""
        return f"{self.strictness}: {self.source}" if self.source and self.is_explained else ""

    @property
    def field(self) -> tuple[str, int, str]:
        """The operation, the status, and the location of the schema.

        For a mutant of HTTP, the mutant's operator takes the place of the location.
        """
        schema, _, last = self.schema_location.rpartition("/")
        # An integer's format may set the bound that is broken.
        is_keyword = self.group != LEGAL and last in (self.group, "format")
        where = schema if is_keyword else self.schema_location
        return self.operation, self.status, where or self.operator

    @property
    def field_name(self) -> str:
        """The field as reports print it."""
        return terminal_safe(" ".join(map(str, self.field)))

    def is_ignored(self, ignore: Collection[str]) -> bool:
        """Whether the row is a fault whose group or field is one of these names."""
        return bool(ignore) and self.verdict.bad and not {self.group, self.field_name}.isdisjoint(ignore)

    @property
    def is_unserved(self) -> bool:
        """Whether the mutant was not served, because the client did not accept its valid response."""
        return self.outcome is Outcome.INCONCLUSIVE and not self.detail


@frozen
class Matrix:
    """What a client did with each mutant, in the order of the document.

    Attributes:
        baseline: The verdict on each mutant in an earlier matrix, by the mutant's id; None if there is no
            earlier matrix.
        controls: One row for each valid response that the client did not accept.
        ignore: Names of groups and fields; faults in these groups and fields don't count.
    """

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    baseline: Mapping[str, Verdict] | None = None
    controls: tuple[Row, ...] = ()
    ignore: tuple[str, ...] = ()

    def is_ignored(self, row: Row) -> bool:
        """Whether a row is a fault whose group or field is in `ignore`."""
        return row.is_ignored(self.ignore)

    @property
    def ignored(self) -> tuple[Row, ...]:
        """The faults whose group or field is in `ignore`."""
        return tuple(filter(self.is_ignored, self.rows))

    @property
    def ignored_nothing(self) -> list[str]:
        """The entries of `ignore` that match no fault."""
        found = {name for row in self.ignored for name in (row.group, row.field_name)}
        return [each for each in self.ignore if each not in found]

    @property
    def _counted(self) -> list[Row]:
        return [row for row in self.rows if not self.is_ignored(row)]

    @property
    def failures(self) -> tuple[Row, ...]:
        """The faults that aren't ignored and are worse than in the baseline.

        The most severe verdict comes first; within a verdict, faults on legal responses come first.
        """
        found = [row for row in self._counted if row.verdict.bad and not self.is_known(row)]
        return tuple(sorted(found, key=lambda row: (BAD.index(row.verdict), row.group != LEGAL)))

    def earlier(self, row: Row) -> Verdict | None:
        """Return the verdict on a row's mutant in the baseline, if the baseline has the mutant."""
        return (self.baseline or {}).get(row.id)

    def trend(self, row: Row) -> Trend:
        """Return how a row differs from the baseline. A missing baseline counts as an empty baseline."""
        earlier, now = self.earlier(row), row.verdict
        before = _SEVERITY.get(earlier, 0) if earlier else 0
        after = _SEVERITY.get(now, 0)
        if now.is_inconclusive:
            return Trend.UNCHANGED if earlier and earlier.is_inconclusive else Trend.INCONCLUSIVE
        if after > before:
            return Trend.WORSE
        if earlier is None:
            return Trend.NEW
        return Trend.BETTER if after < before else Trend.UNCHANGED

    def is_known(self, row: Row) -> bool:
        """Whether a row is a fault or inconclusive, and no worse than in the baseline."""
        counts = row.verdict.bad or row.verdict.is_inconclusive
        return counts and self.trend(row) in (Trend.BETTER, Trend.UNCHANGED)

    @property
    def inconclusive(self) -> tuple[Row, ...]:
        """The rows of valid responses that weren't accepted, then the inconclusive rows of served mutants."""
        rows = (row for row in self.rows if row.verdict.is_inconclusive)
        return (*self.controls, *(row for row in rows if not row.is_unserved))

    @property
    def passed(self) -> bool:
        """Whether all faults are ignored or known (`is_known`), and all inconclusive rows are known."""
        return not self.failures and all(map(self.is_known, self.inconclusive))

    @property
    def trends(self) -> dict[Trend, int]:
        """The number of rows with each trend, without ignored faults; empty without a baseline."""
        if self.baseline is None:
            return {}
        found = Counter(map(self.trend, self._counted))
        return {trend: found[trend] for trend in Trend}

    @property
    def changes(self) -> Counter[tuple[Trend, Verdict, Verdict]]:
        """The number of rows that became better or worse, by trend, earlier verdict and present verdict."""
        found: Counter[tuple[Trend, Verdict, Verdict]] = Counter()
        for row in self._counted:
            trend, earlier = self.trend(row), self.earlier(row)
            if earlier and trend in (Trend.WORSE, Trend.BETTER):
                found[trend, earlier, row.verdict] += 1
        return found

    @property
    def counts(self) -> Counter[Verdict]:
        """The number of rows with each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """The number of rows with each verdict, by group: first the keywords, then the other groups."""
        names = {row.group for row in self.rows}
        last = [name for name in (PROTOCOL, LEGAL) if name in names]
        return {
            name: Counter(row.verdict for row in self.rows if row.group == name)
            for name in [*sorted(names.difference(last)), *last]
        }

    @property
    def tolerances(self) -> Counter[tuple[str, str]]:
        """The number of tolerated rows. The key is the reason, and `accepted` or `refused`."""
        return Counter(
            (row.reason, "accepted" if row.outcome is Outcome.ACCEPTED else "refused")
            for row in self.rows
            if row.verdict is Verdict.TOLERATED
        )
