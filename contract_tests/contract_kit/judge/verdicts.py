"""Verdicts: whether a client's outcome is right."""

from __future__ import annotations

import enum

from contract_kit.derive.model import Expect
from contract_kit.serve.clients import Outcome


class Verdict(enum.StrEnum):
    """Whether a client's outcome is right, given what the client should have done.

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
    def is_fault(self) -> bool:
        """Whether the verdict is a fault of the client."""
        return self in FAULTS

    @property
    def is_inconclusive(self) -> bool:
        """Whether the verdict says nothing about the client."""
        return self in (Verdict.NOT_REQUESTED, Verdict.INCONCLUSIVE)

    @property
    def severity(self) -> int:
        """How severe the verdict is; 0 if the client did what it should."""
        return _SEVERITY.get(self, 0)


FAULTS = (Verdict.HUNG, Verdict.CRASHED, Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED)
"""The verdicts that are faults, in the order in which reports list them."""

_SEVERITY = {
    Verdict.NOT_REQUESTED: 1,
    Verdict.INCONCLUSIVE: 1,
    Verdict.WRONGLY_ACCEPTED: 2,
    Verdict.WRONGLY_REFUSED: 2,
    Verdict.CRASHED: 3,
    Verdict.HUNG: 4,
}
_OF_OUTCOME = {
    (Expect.REFUSE, Outcome.REFUSED): Verdict.REFUSED_BY_BODY,
    (Expect.REFUSE, Outcome.ACCEPTED): Verdict.WRONGLY_ACCEPTED,
    (Expect.ACCEPT, Outcome.REFUSED): Verdict.WRONGLY_REFUSED,
    (Expect.EITHER, Outcome.REFUSED): Verdict.TOLERATED,
    (Expect.EITHER, Outcome.ACCEPTED): Verdict.TOLERATED,
}


def verdict(expect: Expect, outcome: Outcome, status: int = 200) -> Verdict:
    """Return the verdict on an outcome. Crashing or hanging is a fault whatever the response was."""
    found = _OF_OUTCOME.get((expect, outcome)) or Verdict(outcome)
    by_status = found is Verdict.REFUSED_BY_BODY and not 200 <= status < 300
    return Verdict.REFUSED_BY_STATUS if by_status else found
