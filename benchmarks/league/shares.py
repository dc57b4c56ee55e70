"""Shares: which part of a document's mutants a client refuses, accepts, crashes on or refuses wrongly."""

from __future__ import annotations

import enum
import statistics
from collections.abc import Iterable, Sequence

from contract_kit.derive.model import Expect
from contract_kit.judge.verdicts import Verdict

from .results import Result

_READ = (Verdict.REFUSED_BY_BODY, Verdict.WRONGLY_ACCEPTED, Verdict.CRASHED, Verdict.HUNG)
_LEGAL = (Verdict.ACCEPTED, Verdict.WRONGLY_REFUSED, Verdict.CRASHED, Verdict.HUNG)


class Share(enum.StrEnum):
    """What a share counts: the first three count broken responses, and the last counts legal ones."""

    REFUSED = "refused by body"
    WRONGLY_ACCEPTED = "wrongly accepted"
    CRASHED = "crashed"
    WRONG = "legal not accepted"

    @property
    def counted(self) -> tuple[Verdict, ...]:
        """The verdicts that are counted."""
        return {
            Share.REFUSED: (Verdict.REFUSED_BY_BODY,),
            Share.WRONGLY_ACCEPTED: (Verdict.WRONGLY_ACCEPTED,),
            Share.CRASHED: (Verdict.CRASHED, Verdict.HUNG),
            Share.WRONG: (Verdict.WRONGLY_REFUSED, Verdict.CRASHED, Verdict.HUNG),
        }[self]


def share(result: Result, kind: Share) -> float | None:
    """Return a client's share for a document, in percent; None if no mutant of this kind was served."""
    expect, of = (Expect.ACCEPT, _LEGAL) if kind is Share.WRONG else (Expect.REFUSE, _READ)
    verdicts = [row.verdict for row in result.rows if row.expect == expect and row.verdict in of]
    if not verdicts:
        return None
    return 100 * sum(each in kind.counted for each in verdicts) / len(verdicts)


def median(shares: Iterable[float | None]) -> float | None:
    """Return the median of the shares that are not None."""
    known = [each for each in shares if each is not None]
    return statistics.median(known) if known else None


def ranked(clients: Sequence[str], results: Sequence[Result]) -> list[str]:
    """Return clients in the order of the median share of broken responses that they refuse."""

    def key(client: str) -> tuple[float, float]:
        mine = [each for each in results if each.client == client]
        refused = median(share(each, Share.REFUSED) for each in mine)
        accepted = median(share(each, Share.WRONGLY_ACCEPTED) for each in mine)
        return -(refused or 0), 100 if accepted is None else accepted

    return sorted(clients, key=key)
