"""The catalogue of mutants: responses that break the contract, and legal ones that look broken.

The mutants of a rule stand in the module that has the name of the rule's module in `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import attrs

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.operations import RESULTS

from . import _counters, _measures, _metrics, _portable, _protocol, _schema, _sequence, _times, _values
from ._change import changed
from ._mutant import REQUESTED, Mutant

__all__ = ["MODULES", "REQUESTED", "Mutant", "catalogue"]

MODULES: Mapping[str, Callable[[Contract, Operation], Iterator[Mutant]]] = {
    "_schema": _schema.mutants,
    "_protocol": _protocol.mutants,
    "_portable": _portable.mutants,
    "_counters": partial(changed, _counters.CHANGES),
    "_values": partial(changed, _values.CHANGES),
    "_times": partial(changed, _times.CHANGES),
    "_measures": partial(changed, _measures.CHANGES),
    "_metrics": partial(changed, _metrics.CHANGES),
    "_sequence": _sequence.mutants,
}
"""By module: what gives its mutants of an operation."""


def catalogue(contract: Contract) -> tuple[Mutant, ...]:
    """Return every mutant of a contract, in a stable order, each id once.

    What the schemas allow may break another rule: it is that rule's mutant then, and no legal one.
    """
    found: dict[str, Mutant] = {}
    for operation in contract.operations.values():
        for mutants in MODULES.values():
            for mutant in mutants(contract, operation):
                found[repr((operation.id, mutant.answers, mutant.key, mutant.method))] = _of(
                    operation, mutant
                )
    return tuple(found.values())


def _of(operation: Operation, mutant: Mutant) -> Mutant:
    # Those of the list were there first: their ids have no operation in front.
    in_front = "" if operation.id == RESULTS else f"{operation.id}:"
    return attrs.evolve(mutant, operation=operation.id, id=f"{in_front}{mutant.id}")
