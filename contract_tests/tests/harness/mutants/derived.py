"""What the contract kit derives from the contract: valid bodies, and mutants that break a schema or HTTP."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import Key
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.read.paths import json_path, steps

from .case import REFUSED, Case
from .found_by import Found, found_by

_NEW_FIELD = "undocumented_field"
"""The key of the field that the kit adds in a mutant named unknown-field."""


@functools.cache  # each mutant is proved by two validators
def _derived(contract: Contract) -> Mapping[str, tuple[Mutant, ...]]:
    mutants: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in Catalogue(contract.openapi).mutants():
        mutants[mutant.operation.id].append(mutant)
    return {name: tuple(found) for name, found in mutants.items()}


def derived(contract: Contract, operation: Operation) -> Iterator[tuple[Case, Mutant]]:
    """Yield the kit's mutants of an operation.

    Mutants of the connection and the content encoding are left out, because no rule can see them.
    A fault in the first example is not repeated for the other examples.
    """
    for mutant in _derived(contract)[operation.id]:
        if "@example" not in mutant.id and (found := found_by(mutant)):
            yield _case(operation, mutant, found), mutant


def sound(contract: Contract, operation: Operation, status: int = 200) -> Any:
    """Return the valid body of a status that mutants start from: the contract's example, with every field."""
    first = next(each for each in _derived(contract)[operation.id] if each.response.status == status)
    return json.loads(first.response.body)


def _case(operation: Operation, mutant: Mutant, found: Found) -> Case:
    group, path = found.group or mutant.group, found.path
    name = mutant.id.removeprefix(f"{operation.id}:")
    if found.is_sent_once:
        name = f"{PROTOCOL}:{group}:{mutant.name.removeprefix(f'{group}-')}"
    if mutant.group != PROTOCOL:
        place = steps(json.loads(mutant.response.body), mutant.location)
        path = json_path((*place, _NEW_FIELD) if found.rule == "unknown-field" else place)
    response = mutant.response
    return Case(
        name,
        operation,
        response.body,
        group,
        found.rule,
        path if found.rule else "",
        response.status,
        response.headers,
        error=REFUSED if found.is_refused else "",
        key=Key.MISSING if response.status == 422 else Key.VALID,
    )
