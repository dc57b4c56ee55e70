"""What the valid response that a mutant is made from tells about the mutant.

If a client doesn't accept the valid response, the client's refusal of the mutant says nothing.
"""

from __future__ import annotations

from attrs import evolve

from .clients import Outcome
from .matrix import Row, Verdict
from .model import Expect, Mutant


def bases(mutant: Mutant) -> list[str]:
    """Return the labels of the valid responses to serve before a mutant; the operation's normal one first."""
    return ["", mutant.base] if mutant.base else [""]


def is_accepted(control: Row) -> bool:
    """Whether a client did with a valid response what it may do, so that mutants of it can be served."""
    return control.verdict in (Verdict.ACCEPTED, Verdict.TOLERATED)


def inconclusive(control: Row) -> Row:
    """Return the row of a valid response that was not accepted, with the reason why nothing is learnt."""
    if control.outcome is Outcome.INCONCLUSIVE:
        return control
    did = {Outcome.REFUSED: "refused", Outcome.CRASHED: "crashed on", Outcome.HUNG: "hung on"}
    detail = f"the client {did[control.outcome]} the valid response: {control.detail}".removesuffix(": ")
    return evolve(control, outcome=Outcome.INCONCLUSIVE, detail=detail)


def compared(row: Row, control: Row) -> Row:
    """Return the row of a mutant, tolerated if the client refused the valid response as well.

    That is for content that a client need not read. The valid response of an error status is refused by its
    status, and so is the mutant.
    """
    is_refused = row.outcome is control.outcome is Outcome.REFUSED
    if not is_refused or control.status >= 400:
        return row
    return evolve(row, expect=Expect.EITHER, reason=control.reason)
