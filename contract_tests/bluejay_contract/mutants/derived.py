"""What the contract kit derives from the contract: valid bodies, and mutants that break a schema or HTTP."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.errors import KitError
from contract_kit.read.paths import json_path, steps

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import Key

from .found_by import Found, found_by
from .trial import Trial

_NEW_FIELD = "undocumented_field"
"""The key of the field that the kit adds in a mutant named unknown-field."""


@functools.cache  # a contract lives as long as the process, and each mutant is proved by two validators
def _derived(contract: Contract) -> Mapping[str, tuple[Mutant, ...]]:
    mutants: dict[str, list[Mutant]] = defaultdict(list)
    catalogue = Catalogue(contract.openapi)
    for mutant in catalogue.mutants():
        mutants[mutant.operation.id].append(mutant)
    for operation in contract.operations.values():
        if {*operation.statuses} - {each.response.status for each in mutants[operation.id]}:
            raise KitError(catalogue.gaps()[0].reason)
    return {name: tuple(found) for name, found in mutants.items()}


def derived(contract: Contract, operation: Operation, *, of_http: bool) -> Iterator[Trial]:
    """Yield the kit's mutants of an operation: either its mutants of HTTP, or all other mutants.

    Mutants of the connection and the content encoding are left out, because no rule can see them.
    A fault in the first example is not repeated for the other examples.

    Raises:
        KitError: The kit can't cover one of the contract's responses, or we have no rule for a mutant.
    """
    for mutant in _derived(contract)[operation.id]:
        is_wanted = (mutant.group == PROTOCOL) is of_http and "@example" not in mutant.id
        if is_wanted and (found := found_by(mutant)):
            yield _trial(mutant, found)


def sound(contract: Contract, operation: Operation, status: int) -> Any:
    """Return the valid body of a status that mutants start from: the contract's example, with every field."""
    first = next(each for each in _derived(contract)[operation.id] if each.response.status == status)
    return json.loads(first.response.body)


def _trial(mutant: Mutant, found: Found) -> Trial:
    group, path, breaks = found.group or mutant.group, found.path, mutant.breaks
    id_ = mutant.id
    if found.is_sent_once:
        id_ = f"{mutant.operation.id}:{PROTOCOL}:{group}:{mutant.name.removeprefix(f'{group}-')}"
    if mutant.group != PROTOCOL:
        place = steps(json.loads(mutant.response.body), mutant.location)
        path = json_path((*place, _NEW_FIELD) if found.rule == "unknown-field" else place)
        breaks = f"{path} {breaks}"
    changed = evolve(mutant, id=id_, group=group, expect=found.expect, reason=found.reason, breaks=breaks)
    key = Key.MISSING if mutant.response.status == 422 else Key.VALID
    return Trial(changed, found.rule, path if found.rule else "", key)
