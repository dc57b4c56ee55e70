"""The cases that rules and client are judged by: responses that break the contract, and legal responses.

The cases of a rule are in the module with the same name as the rule's module in `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from bluejay_contract.contract import Contract, Operation

from . import counters, measures, metrics, portable, protocol, schema, sequence, times, values
from .case import Case
from .change import changed
from .derived import sound

__all__ = ["CHANGES", "MODULES", "Case", "catalogue", "sound"]

_OF_FIELDS = {
    "counters": counters.CHANGES,
    "values": values.CHANGES,
    "times": times.CHANGES,
    "measures": measures.CHANGES,
    "metrics": metrics.CHANGES,
}
MODULES: Mapping[str, Callable[[Contract, Operation], Iterator[Case]]] = {
    "schema": schema.mutants,
    "protocol": protocol.mutants,
    "portable": portable.mutants,
    **{name: partial(changed, changes) for name, changes in _OF_FIELDS.items()},
    "sequence": sequence.mutants,
}
"""The function that yields a module's cases of an operation, by the module's name."""

CHANGES = [
    name
    for each in (*_OF_FIELDS.values(), protocol.CHANGES, sequence.CHANGES, sequence.PAGE_CHANGES)
    for name in each
]
"""The name of every change to a field, `rule:name`."""


@lru_cache(maxsize=4)
def catalogue(contract: Contract) -> tuple[Case, ...]:
    """Return every case of a contract in a stable order, without repeated responses. The result is cached.

    If a body that the schemas allow breaks a rule, it counts as a case of that rule, not as a legal body.
    """
    found: dict[str, Case] = {}
    for operation in contract.operations.values():
        for mutants in MODULES.values():
            for each in mutants(contract, operation):
                found[repr((operation.id, each.answers, each.key, each.method, each.query))] = each
    return tuple(found.values())
