"""What the contract kit derives from the contract: sound bodies, and the mutants of schemas and of HTTP."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from contract_kit import model
from contract_kit.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.slots import PROTOCOL

from bluejay_contract.contract import Contract, Operation


@functools.cache  # a contract lives as long as the process, and each mutant is proved by two validators
def _derived(contract: Contract) -> Mapping[str, tuple[model.Mutant, ...]]:
    mutants: dict[str, list[model.Mutant]] = defaultdict(list)
    catalogue = Catalogue(contract.openapi)
    for mutant in catalogue.mutants():
        mutants[mutant.id.partition(":")[0]].append(mutant)
    for operation in contract.operations.values():
        if {*operation.statuses} - {each.response.status for each in mutants[operation.id]}:
            raise KitError(catalogue.skipped[0].reason)
    return {name: tuple(found) for name, found in mutants.items()}


def derived(contract: Contract, operation: Operation) -> tuple[model.Mutant, ...]:
    """Return the kit's mutants of an operation.

    Raises:
        KitError: The kit can't cover one of the contract's responses.
    """
    return _derived(contract)[operation.id]


def is_of_http(mutant: model.Mutant) -> bool:
    """Whether a mutant of the kit is about the response around the document."""
    return f":{PROTOCOL}::" in mutant.id


def sound(contract: Contract, operation: Operation, status: int) -> Any:
    """Return the valid body of a status that mutants start from: the contract's example, with every field."""
    first = next(each for each in derived(contract, operation) if each.response.status == status)
    return json.loads(first.response.body)
