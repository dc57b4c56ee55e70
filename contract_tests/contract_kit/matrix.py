"""The matrix: what a client did with each mutant, whether that is right, and what became worse."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from attrs import frozen

from .clients import Outcome
from .model import LEGAL, PROTOCOL, Expect, Mutant, Skipped, Strictness
from .sampling import alternating


class Verdict(enum.StrEnum):
    """What a client's outcome comes to, given what it should have done.

    A mutant without a success status (2xx) is refused by status: perhaps nobody read its body.
    INCONCLUSIVE: the client did not accept the valid response that the mutant is made from, or it was still
    retrying when its time was over.
    """

    REFUSED_BY_STATUS = "refused by status"
    REFUSED_BY_BODY = "refused by body"
    ACCEPTED = "accepted"
    TOLERATED = "tolerated"
    BELIEVED = "believed"
    WRONGLY_REFUSED = "wrongly refused"
    CRASHED = "crashed"
    HUNG = "hung"
    INCONCLUSIVE = "inconclusive"

    @property
    def bad(self) -> bool:
        """Whether it is a fault of the client."""
        return self in BAD


BAD = (Verdict.HUNG, Verdict.CRASHED, Verdict.BELIEVED, Verdict.WRONGLY_REFUSED)
"""The verdicts that are faults, in the order in which reports list them."""

_WHEN_RIGHT = {
    (Expect.REFUSE, Outcome.REFUSED): Verdict.REFUSED_BY_BODY,
    (Expect.REFUSE, Outcome.BELIEVED): Verdict.BELIEVED,
    (Expect.ACCEPT, Outcome.REFUSED): Verdict.WRONGLY_REFUSED,
    (Expect.ACCEPT, Outcome.BELIEVED): Verdict.ACCEPTED,
    (Expect.EITHER, Outcome.REFUSED): Verdict.TOLERATED,
    (Expect.EITHER, Outcome.BELIEVED): Verdict.TOLERATED,
}


def verdict(expect: Expect, outcome: Outcome, status: int = 200) -> Verdict:
    """Return what an outcome comes to: to crash or to hang is wrong whatever the response was."""
    found = _WHEN_RIGHT.get((expect, outcome)) or Verdict(outcome)
    by_status = found is Verdict.REFUSED_BY_BODY and not 200 <= status < 300
    return Verdict.REFUSED_BY_STATUS if by_status else found


@frozen
class Row:
    """What a client did with one mutant.

    Attributes:
        group: The keyword that the mutant breaks, or `legal` or `protocol`.
        location: JSON Pointer into the body.
        breaks: What is wrong or unusual with the response.
        reason: Why a client may do either; empty otherwise.
        detail: What became of the call, in a few words.
        is_answered: Whether the client got the mutant.
        status: The HTTP status of the mutant.
        kind: The kind of the mutant.
        strictness: How strongly its source asks for what is expected.
        source: The sentence that forbids it or allows it.
    """

    id: str
    operation: str
    group: str
    location: str
    breaks: str
    reason: str
    expect: Expect
    outcome: Outcome
    detail: str
    is_answered: bool = True
    status: int = 200
    kind: str = ""
    strictness: Strictness = Strictness.MUST
    source: str = ""

    @classmethod
    def of(cls, mutant: Mutant, outcome: Outcome, detail: str, *, is_answered: bool = True) -> Row:
        """Return the row of a mutant."""
        return cls(
            mutant.id,
            mutant.operation.id,
            mutant.group,
            mutant.location,
            mutant.breaks,
            mutant.reason,
            mutant.expect,
            outcome,
            detail,
            is_answered,
            mutant.response.status,
            mutant.kind,
            mutant.strictness,
            mutant.source,
        )

    @property
    def verdict(self) -> Verdict:
        """What the outcome comes to."""
        return verdict(self.expect, self.outcome, self.status)

    @property
    def is_unserved(self) -> bool:
        """Whether the mutant was not served, because the client did not accept its valid response."""
        return self.outcome is Outcome.INCONCLUSIVE and not self.detail


@frozen
class Matrix:
    """What a client did with all mutants, in the order of the document.

    Attributes:
        baseline: The ids of an earlier matrix, each with whether it was bad; None without one.
        controls: One row for each valid response that the client did not accept.
    """

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    baseline: Mapping[str, bool] | None = None
    controls: tuple[Row, ...] = ()

    @property
    def failures(self) -> tuple[Row, ...]:
        """The faults of the client that the baseline doesn't have, the gravest first."""
        found = [row for row in self.rows if row.verdict.bad and not self.is_known(row)]
        return tuple(sorted(found, key=lambda row: BAD.index(row.verdict)))

    def is_known(self, row: Row) -> bool:
        """Whether a row is a fault that the baseline has too."""
        counts = row.verdict.bad or row.verdict is Verdict.INCONCLUSIVE
        return counts and (self.baseline or {}).get(row.id, False)

    @property
    def inconclusive(self) -> tuple[Row, ...]:
        """The rows that say why nothing was learnt, first those of valid responses."""
        rows = (row for row in self.rows if row.verdict is Verdict.INCONCLUSIVE)
        return (*self.controls, *(row for row in rows if not row.is_unserved))

    @property
    def passed(self) -> bool:
        """Whether the client has no fault and nothing is inconclusive, apart from what the baseline has."""
        return not self.failures and all(map(self.is_known, self.inconclusive))

    @property
    def changes(self) -> dict[str, int]:
        """How many rows differ from the baseline; empty without one. A new fault counts as worse."""
        if self.baseline is None:
            return {}
        right = [row for row in self.rows if not row.verdict.bad and row.verdict is not Verdict.INCONCLUSIVE]
        worse = len(self.failures)
        better = sum(self.baseline.get(row.id, False) for row in right)
        new = sum(row.id not in self.baseline for row in right)
        unchanged = len(self.rows) - worse - better - new
        return {"worse": worse, "better": better, "unchanged": unchanged, "new": new}

    @property
    def counts(self) -> Counter[Verdict]:
        """How many rows there are of each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """The same for each group: keywords by their names, then what is no keyword."""
        names = {row.group for row in self.rows}
        last = [name for name in (PROTOCOL, LEGAL) if name in names]
        return {
            name: Counter(row.verdict for row in self.rows if row.group == name)
            for name in [*sorted(names.difference(last)), *last]
        }

    @property
    def tolerances(self) -> Counter[tuple[str, Outcome]]:
        """How many tolerated rows there are of each reason and outcome."""
        return Counter((row.reason, row.outcome) for row in self.rows if row.verdict is Verdict.TOLERATED)


def listing(rows: Sequence[Row], limit: int | None) -> tuple[list[list[Row]], int]:
    """Return groups of rows to list, and how many rows are left off.

    Rows of one operation and verdict are put together if they have the same kind and the same detail.
    Each verdict gets its share of the limit.

    Args:
        rows: All rows.
        limit: How many groups to list; None lists each row on its own.
    """
    if limit is None:
        return [[row] for row in rows], 0
    verdicts: dict[Verdict, dict[tuple[str, ...], list[Row]]] = {}
    for row in rows:
        groups = verdicts.setdefault(row.verdict, {})
        groups.setdefault((row.operation, row.group, row.kind, row.detail), []).append(row)
    in_turn = alternating([iter(groups.values()) for groups in verdicts.values()])
    listed = sorted(islice(in_turn, limit), key=lambda group: BAD.index(group[0].verdict))
    return listed, len(rows) - sum(map(len, listed))
