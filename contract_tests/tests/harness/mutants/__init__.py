"""The cases for testing the rules: responses that break the contract, and legal responses."""

from __future__ import annotations

from functools import lru_cache

from bluejay_contract.contract import Contract

from . import protocol, sequence
from .case import Case
from .change import changed
from .derived import derived, sound
from .fields import CHANGES

__all__ = ["Case", "catalogue", "sound"]


@lru_cache(maxsize=4)
def catalogue(contract: Contract) -> tuple[Case, ...]:
    """Return every case of a contract in a stable order, without repeated responses. The result is cached.

    If the schemas allow a body but a rule forbids it, the body is a case for this rule, not a legal body.
    """
    found: dict[str, Case] = {}
    for operation in contract.operations.values():
        for each in (
            *derived(contract, operation),
            *protocol.mutants(contract, operation),
            *changed(CHANGES, contract, operation),
            *sequence.mutants(contract, operation),
        ):
            sent = [(read.request, read.status, read.headers, read.body) for read in each.exchanges()]
            found[repr(sent)] = each
    return tuple(found.values())
