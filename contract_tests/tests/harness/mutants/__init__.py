"""The cases that rules and client are judged by: responses that break the contract, and legal responses."""

from __future__ import annotations

from functools import lru_cache

from bluejay_contract.contract import Contract

from . import portable, protocol, schema, sequence
from .case import Case
from .change import changed
from .derived import sound
from .fields import CHANGES

__all__ = ["Case", "catalogue", "sound"]


@lru_cache(maxsize=4)
def catalogue(contract: Contract) -> tuple[Case, ...]:
    """Return every case of a contract in a stable order, without repeated responses. The result is cached.

    If a body that the schemas allow breaks a rule, it counts as a case of that rule, not as a legal body.
    """
    found: dict[str, Case] = {}
    for operation in contract.operations.values():
        for each in (
            *schema.mutants(contract, operation),
            *protocol.mutants(contract, operation),
            *portable.mutants(contract, operation),
            *changed(CHANGES, contract, operation),
            *sequence.mutants(contract, operation),
        ):
            found[repr((operation.id, each.answers, each.key, each.method, each.query))] = each
    return tuple(found.values())
