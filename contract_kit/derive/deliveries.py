"""Mutants of webhook deliveries: wrong signatures, old timestamps, and repeated deliveries."""

from __future__ import annotations

from functools import partial

from attrs import evolve

from .exchange import Transfer
from .model import Operator
from .protocol import FaultInjection
from .strictness import Strictness

RETRIED = "a receiver may accept a broken delivery, because services retry any delivery that is refused"
TWICE = FaultInjection(
    "delivered-twice", partial(evolve, transfer=Transfer.AGAIN), "is delivered twice", is_legal=True
)
_SIGNATURES = {
    Transfer.UNSIGNED: ("signature-none", "is unsigned"),
    Transfer.WRONG_SIGNATURE: ("signature-wrong", "is signed with the wrong secret"),
    Transfer.OTHER_SIGNATURE: ("signature-of-another-body", "is signed for a different body"),
    Transfer.OLD: ("signature-old", "was signed a day ago"),
}
"""The mutation operator for each way to send a delivery, and what is wrong with the delivery."""
OF_DELIVERY = (
    *(
        FaultInjection(name, partial(evolve, transfer=transfer), breaks)
        for transfer, (name, breaks) in _SIGNATURES.items()
    ),
    TWICE,
)
_NAMES = {each.operator for each in OF_DELIVERY}


def of_receivers(operator: Operator) -> Operator:
    """Change an operator's MUST to SHOULD for receivers because services retry refused deliveries.

    Operators for signatures don't change, because no receiver may accept a forged delivery.
    """
    if operator.strictness is not Strictness.MUST or operator.name in _NAMES:
        return operator
    return evolve(operator, strictness=Strictness.SHOULD, reason=RETRIED)
