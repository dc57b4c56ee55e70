"""The catalogue of mutants: responses that break the contract, and legal responses that look broken.

The mutants of a rule are in the module with the same name as the rule's module in `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from contract_kit.derive.model import Response
from contract_kit.errors import KitError

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS

from . import counters, measures, metrics, portable, protocol, schema, sequence, times, values
from .change import changed
from .derived import sound
from .trial import Trial, encoded

__all__ = ["CHANGES", "MODULES", "Trial", "catalogue", "sound"]

_OF_FIELDS = {
    "counters": counters.CHANGES,
    "values": values.CHANGES,
    "times": times.CHANGES,
    "measures": measures.CHANGES,
    "metrics": metrics.CHANGES,
}
MODULES: Mapping[str, Callable[[Contract, Operation], Iterator[Trial]]] = {
    "schema": schema.mutants,
    "protocol": protocol.mutants,
    "portable": portable.mutants,
    **{name: partial(changed, changes) for name, changes in _OF_FIELDS.items()},
    "sequence": sequence.mutants,
}
"""The function that yields a module's mutants of an operation, by the module's name."""

CHANGES = [
    name
    for each in (*_OF_FIELDS.values(), protocol.CHANGES, sequence.CHANGES, sequence.PAGE_CHANGES)
    for name in each
]
"""The name of every change to a field, `rule:name`."""


@lru_cache(maxsize=4)
def catalogue(contract: Contract) -> tuple[Trial, ...]:
    """Return every mutant of a contract in a stable order, without repeated responses. The result is cached.

    If a body that the schemas allow breaks a rule, it counts as a mutant of that rule, not as a legal body.

    Raises:
        KitError: A mutant is the valid response, or we have no rule for a mutant.
    """
    found: dict[str, Trial] = {}
    for operation in contract.operations.values():
        valid = Response(200, JSON_HEADERS, encoded(sound(contract, operation, 200)))
        for mutants in MODULES.values():
            for each in mutants(contract, operation):
                _refuse_the_valid_response(each, valid)
                found[repr((operation.id, each.answers, each.key, each.method, each.query))] = each
    return tuple(found.values())


def _refuse_the_valid_response(each: Trial, valid: Response) -> None:
    usual = Trial(each.mutant, each.rule, each.path, limit=each.limit)
    is_valid = each == usual and each.mutant.response == valid
    if each.rule and is_valid:
        raise KitError(f"Mutant {each.id} sends the valid response unchanged, so no rule can find it.")
