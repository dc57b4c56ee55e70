"""Compares what a client did with a valid response and with the mutants of this response.

If a client doesn't accept the valid response, the client's refusal of the mutant says nothing.
"""

from __future__ import annotations

from attrs import evolve

from contract_kit.derive.model import Expect, Mutant
from contract_kit.serve.clients import Outcome

from .matrix import Row, Verdict


def bases(mutant: Mutant) -> list[str]:
    """Return the labels of the valid responses to serve before a mutant; the normal response comes first."""
    return ["", mutant.base] if mutant.base else [""]


def is_accepted(control: Row) -> bool:
    """Whether a client did something allowed with a valid response, so that its mutants can be served."""
    return control.verdict in (Verdict.ACCEPTED, Verdict.TOLERATED)


def inconclusive(control: Row) -> Row:
    """Turn the row of a valid response that was not accepted into an inconclusive row with the reason."""
    if control.outcome is Outcome.INCONCLUSIVE:
        return control
    did = {Outcome.REFUSED: "refused", Outcome.CRASHED: "crashed on", Outcome.HUNG: "hung on"}
    detail = f"the client {did[control.outcome]} the valid response: {control.detail}".removesuffix(": ")
    return evolve(control, outcome=Outcome.INCONCLUSIVE, detail=detail)


def compared(row: Row, control: Row) -> Row:
    """Return the row of a mutant; the mutant is tolerated if the client also refused the valid response.

    A client may refuse a valid redirect, or a content type that it doesn't read. It then refuses the mutants
    for the same reason. Error responses (400 or above) are left out: clients refuse them for their status.
    """
    is_refused = row.outcome is control.outcome is Outcome.REFUSED
    if not is_refused or control.status >= 400:
        return row
    return evolve(row, expect=Expect.EITHER, reason=control.reason)
