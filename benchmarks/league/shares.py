"""Computes what share of responses a client refuses, passes on, alters, loses or crashes on."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence

from contract_kit.derive.model import Expect
from contract_kit.judge.verdicts import Verdict

from .results import Judged, Result


class Kind(enum.StrEnum):
    """Responses that are counted together. Those that a client may refuse or accept are of no kind."""

    NEAR_MISS = "near misses"
    GROSS = "gross errors"
    LEGAL = "legal responses"

    @classmethod
    def of(cls, row: Judged) -> Kind | None:
        """Return a mutant's kind; None if the mutant isn't counted."""
        if row.expect == Expect.REFUSE:
            return cls.NEAR_MISS if row.is_near_miss else cls.GROSS
        return cls.LEGAL if row.expect == Expect.ACCEPT else None


BROKEN = (Kind.NEAR_MISS, Kind.GROSS)


class Part(enum.StrEnum):
    """What a client did with a response: the parts of a bar, in order."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_EFFECT = "no effect"
    CRASHED = "crashed"
    UNKNOWN = "wrongly accepted"
    PASSED_ON = "passed on"
    LOST = "lost"
    ALTERED = "altered"


PART_OF = {
    Verdict.ACCEPTED: Part.ACCEPTED,
    Verdict.REFUSED_BY_BODY: Part.REFUSED,
    Verdict.WRONGLY_REFUSED: Part.REFUSED,
    Verdict.NO_EFFECT: Part.NO_EFFECT,
    Verdict.CRASHED: Part.CRASHED,
    Verdict.HUNG: Part.CRASHED,
    Verdict.WRONGLY_ACCEPTED: Part.UNKNOWN,
    Verdict.PASSED_ON: Part.PASSED_ON,
    Verdict.LOST: Part.LOST,
    Verdict.ALTERED: Part.ALTERED,
}
"""The part that counts each verdict; REFUSED_BY_STATUS reveals little about how a client reads bodies."""
HARMLESS = (Part.REFUSED, Part.NO_EFFECT)
"""The parts that do no harm if a response is broken."""
REACHED = (Part.UNKNOWN, Part.PASSED_ON, Part.LOST, Part.ALTERED)
"""The parts in which a broken response reaches the caller without an error."""


def rows_of(client: str, results: Iterable[Result]) -> list[Judged]:
    """Return a client's rows from all results."""
    return [row for each in results if each.client == client for row in each.rows]


def counted(rows: Iterable[Judged], *kinds: Kind) -> Counter[Part]:
    """Count the responses of some kinds in each part."""
    return Counter(PART_OF[row.verdict] for row in rows if Kind.of(row) in kinds and row.verdict in PART_OF)


def share(counts: Counter[Part], *parts: Part) -> float | None:
    """Return the share of some parts as a percentage, or None without responses."""
    return 100 * sum(counts[part] for part in parts) / counts.total() if counts else None


def harmless(rows: Iterable[Judged]) -> float | None:
    """Return the share of broken responses that do no harm, in percent; None if there are none."""
    return share(counted(rows, *BROKEN), *HARMLESS)


def ranked(clients: Sequence[str], results: Sequence[Result]) -> list[str]:
    """Sort clients by the share of broken responses that do no harm, best first."""
    return sorted(clients, key=lambda client: harmless(rows_of(client, results)) or 0, reverse=True)
