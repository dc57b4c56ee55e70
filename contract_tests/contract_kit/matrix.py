"""The matrix: what a client did with each mutant, whether that is right, and what became worse."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from .clients import Outcome
from .model import Expect, Mutant, Skipped


class Verdict(enum.StrEnum):
    """What a client's outcome comes to, given what it should have done."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    TOLERATED = "tolerated"
    BELIEVED = "believed"
    WRONGLY_REFUSED = "wrongly refused"
    CRASHED = "crashed"
    HUNG = "hung"

    @property
    def bad(self) -> bool:
        """Whether it is a fault of the client."""
        return self in BAD


BAD = (Verdict.HUNG, Verdict.CRASHED, Verdict.BELIEVED, Verdict.WRONGLY_REFUSED)
"""The verdicts that are faults, in the order in which reports list them."""

_WHEN_RIGHT = {
    (Expect.REFUSE, Outcome.REFUSED): Verdict.REFUSED,
    (Expect.REFUSE, Outcome.BELIEVED): Verdict.BELIEVED,
    (Expect.ACCEPT, Outcome.REFUSED): Verdict.WRONGLY_REFUSED,
    (Expect.ACCEPT, Outcome.BELIEVED): Verdict.ACCEPTED,
    (Expect.EITHER, Outcome.REFUSED): Verdict.TOLERATED,
    (Expect.EITHER, Outcome.BELIEVED): Verdict.TOLERATED,
}


def verdict(expect: Expect, outcome: Outcome) -> Verdict:
    """Return what an outcome comes to: to crash or to hang is wrong whatever the response was."""
    return _WHEN_RIGHT.get((expect, outcome)) or Verdict(outcome)


@frozen
class Row:
    """What a client did with one mutant.

    Attributes:
        group: The keyword that the mutant breaks, or `legal` or `protocol`.
        location: JSON Pointer into the body.
        breaks: What is wrong or unusual with the response.
        reason: Why a client may do either; empty otherwise.
        detail: What became of the call, in a few words.
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

    @classmethod
    def of(cls, mutant: Mutant, outcome: Outcome, detail: str) -> Row:
        """Return the row of a mutant."""
        return cls(
            mutant.id,
            mutant.operation.id,
            group(mutant),
            mutant.location,
            mutant.breaks,
            mutant.reason,
            mutant.expect,
            outcome,
            detail,
        )

    @property
    def verdict(self) -> Verdict:
        """What the outcome comes to."""
        return verdict(self.expect, self.outcome)


def group(mutant: Mutant) -> str:
    """Return the row of the table that counts a mutant."""
    return mutant.keyword or ("legal" if mutant.expect is Expect.ACCEPT else "protocol")


@frozen
class Matrix:
    """What a client did with all mutants, in the order of the document."""

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]

    @property
    def bad(self) -> tuple[Row, ...]:
        """The rows that are faults of the client, the gravest first."""
        return tuple(sorted((row for row in self.rows if row.verdict.bad), key=_gravity))

    @property
    def counts(self) -> Counter[Verdict]:
        """How many rows there are of each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def groups(self) -> dict[str, Counter[Verdict]]:
        """The same for each group: keywords by their names, then what is no keyword."""
        names = {row.group for row in self.rows}
        last = [name for name in ("protocol", "legal") if name in names]
        return {
            name: Counter(row.verdict for row in self.rows if row.group == name)
            for name in [*sorted(names.difference(last)), *last]
        }

    @property
    def tolerances(self) -> Counter[tuple[str, Outcome]]:
        """How many tolerated rows there are of each reason and outcome."""
        return Counter((row.reason, row.outcome) for row in self.rows if row.verdict is Verdict.TOLERATED)

    @property
    def skipped_by_reason(self) -> list[tuple[str, int]]:
        """How many candidates were skipped for each reason, the most frequent first."""
        counts: Counter[str] = Counter()
        for each in self.skipped:
            counts[each.reason] += each.count
        return counts.most_common()


@frozen
class Comparison:
    """A matrix beside an earlier one. A new mutant that is bad counts as worse, any other as new."""

    worse: tuple[Row, ...]
    better: int
    unchanged: int
    new: int

    @classmethod
    def of(cls, matrix: Matrix, earlier: dict[str, bool]) -> Comparison:
        """Compare a matrix with an earlier one.

        Args:
            matrix: The present one.
            earlier: The ids of the earlier one, each with whether it was bad.
        """
        worse = tuple(row for row in matrix.bad if not earlier.get(row.id))
        better = sum(earlier.get(row.id, False) for row in matrix.rows if not row.verdict.bad)
        new = sum(row.id not in earlier and not row.verdict.bad for row in matrix.rows)
        return cls(worse, better, len(matrix.rows) - len(worse) - better - new, new)

    def __str__(self) -> str:
        counts = {
            "worse": len(self.worse),
            "better": self.better,
            "unchanged": self.unchanged,
            "new": self.new,
        }
        return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def listing(rows: Sequence[Row], limit: int | None) -> tuple[list[list[Row]], int]:
    """Return groups of rows to list, and how many rows are left off.

    Rows of one operation and verdict are put together if they have the same detail, or else the same keyword.

    Args:
        rows: All rows.
        limit: How many groups to list; None lists each row on its own.
    """
    if limit is None:
        return [[row] for row in rows], 0
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.operation, row.verdict, row.detail or row.group), []).append(row)
    listed = list(groups.values())[:limit]
    return listed, len(rows) - sum(map(len, listed))


def _gravity(row: Row) -> int:
    return BAD.index(row.verdict)
