"""Verdicts on whether a client's outcome is right."""

from __future__ import annotations

import enum

from contract_kit.derive.model import Expect
from contract_kit.serve.clients import Outcome

from .effects import Effect


class Verdict(enum.StrEnum):
    """Whether a client's outcome is right, given what the client should have done.

    REFUSED is only used for webhook receivers. For a client, a refused mutant without a success status (2xx)
    counts as refused by status, because the client might not have read the body. If a client accepts a broken
    response, the verdict is what its caller got: NO_EFFECT, ALTERED, LOST, PASSED_ON, or WRONGLY_ACCEPTED if
    this is unknown, or if the client mistook an error for a success. LOST also means that the client refused
    an error response without naming its status. NOT_REQUESTED means that the client
    never requested the mutant. INCONCLUSIVE means that the client didn't accept the valid response that the
    mutant was made from, handled it differently later, or was still retrying when its time ran out.
    """

    REFUSED = "refused"
    REFUSED_BY_STATUS = "refused by status"
    REFUSED_BY_BODY = "refused by body"
    ACCEPTED = "accepted"
    TOLERATED = "tolerated"
    NO_EFFECT = "no effect"
    ALTERED = "altered"
    LOST = "lost"
    PASSED_ON = "passed on"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REFUSED = "wrongly refused"
    CRASHED = "crashed"
    HUNG = "hung"
    NOT_REQUESTED = "not requested"
    INCONCLUSIVE = "inconclusive"

    @property
    def is_fault(self) -> bool:
        """Whether the verdict means that the client has a fault."""
        return self in FAULTS

    @property
    def is_inconclusive(self) -> bool:
        """Whether nothing is known about the client."""
        return self in (Verdict.NOT_REQUESTED, Verdict.INCONCLUSIVE)

    @property
    def severity(self) -> int:
        """How severe the verdict is; 0 if the client did what it should have done."""
        return _SEVERITY.get(self, 0)


FAULTS = (
    Verdict.ALTERED,
    Verdict.LOST,
    Verdict.HUNG,
    Verdict.CRASHED,
    Verdict.PASSED_ON,
    Verdict.WRONGLY_ACCEPTED,
    Verdict.WRONGLY_REFUSED,
)
"""The verdicts that are faults, in the order in which reports list them."""

HARM = {
    Verdict.ALTERED: "the caller gets a wrong value without an error",
    Verdict.LOST: "the caller gets no value, an empty value or a default without an error, or an error that "
    "doesn't name the status",
    Verdict.HUNG: "the call doesn't end",
    Verdict.CRASHED: "the {name} crashes",
    Verdict.PASSED_ON: "the caller gets a value that the document forbids",
    Verdict.WRONGLY_ACCEPTED: "the {name} accepts a {sent} that it should refuse",
    Verdict.WRONGLY_REFUSED: "the {name} refuses a {sent} that the document allows",
}
"""The harm that each fault does. `name` and `sent` are a role's attributes."""
_SEVERITY = {
    Verdict.NOT_REQUESTED: 1,
    Verdict.INCONCLUSIVE: 1,
    Verdict.PASSED_ON: 2,
    Verdict.WRONGLY_ACCEPTED: 2,
    Verdict.WRONGLY_REFUSED: 2,
    Verdict.CRASHED: 3,
    Verdict.HUNG: 4,
    Verdict.LOST: 5,
    Verdict.ALTERED: 5,
}
_OF_OUTCOME = {
    (Expect.REFUSE, Outcome.REFUSED): Verdict.REFUSED,
    (Expect.REFUSE, Outcome.ACCEPTED): Verdict.WRONGLY_ACCEPTED,
    (Expect.ACCEPT, Outcome.REFUSED): Verdict.WRONGLY_REFUSED,
    (Expect.EITHER, Outcome.REFUSED): Verdict.TOLERATED,
    (Expect.EITHER, Outcome.ACCEPTED): Verdict.TOLERATED,
}


def verdict(
    expect: Expect, outcome: Outcome, status: int | None = 200, effect: Effect | None = None
) -> Verdict:
    """Return the verdict on an outcome and, if it is known, on the effect.

    Crashing or hanging is always a fault. A delivery has no status.
    """
    is_harmless = expect is Expect.ACCEPT and effect not in (Effect.ALTERED, Effect.LOST)
    if effect and expect is not Expect.EITHER and not is_harmless:
        return Verdict(effect)
    found = _OF_OUTCOME.get((expect, outcome)) or Verdict(outcome)
    if found is not Verdict.REFUSED or status is None:
        return found
    return Verdict.REFUSED_BY_BODY if 200 <= status < 300 else Verdict.REFUSED_BY_STATUS
