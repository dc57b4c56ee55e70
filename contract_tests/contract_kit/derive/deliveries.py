"""Mutants of a webhook delivery: its signature, its timestamp, and a repeated delivery."""

from __future__ import annotations

from functools import partial

from attrs import evolve

from .exchange import Transfer
from .model import Operator, Strictness
from .protocol import FaultInjection

RETRIED = "a receiver may accept a broken delivery, because services retry refused deliveries"
TWICE = FaultInjection(
    "delivered-twice", partial(evolve, transfer=Transfer.AGAIN), "is delivered twice", is_legal=True
)
_SIGNATURES = {
    Transfer.UNSIGNED: ("signature-none", "is not signed"),
    Transfer.WRONG_SIGNATURE: ("signature-wrong", "is signed with another secret"),
    Transfer.OTHER_SIGNATURE: ("signature-of-another-body", "has the signature of another body"),
    Transfer.OLD: ("signature-old", "was signed a day ago"),
}
"""For each way to send a delivery: the mutation operator, and what is wrong with the delivery."""
OF_DELIVERY = (
    *(
        FaultInjection(name, partial(evolve, transfer=transfer), breaks)
        for transfer, (name, breaks) in _SIGNATURES.items()
    ),
    TWICE,
)
_NAMES = {each.operator for each in OF_DELIVERY}


def of_receivers(operator: Operator) -> Operator:
    """Return an operator for receivers: SHOULD instead of MUST, because services retry refused deliveries.

    The operators for signatures stay as they are: nobody may accept a forged delivery.
    """
    if operator.strictness is not Strictness.MUST or operator.name in _NAMES:
        return operator
    return evolve(operator, strictness=Strictness.SHOULD, reason=RETRIED)
