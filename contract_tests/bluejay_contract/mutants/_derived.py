"""What the contract kit derives from the contract: sound bodies, and the mutants of schemas and of HTTP."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from contract_kit import model
from contract_kit.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.loading import Document
from contract_kit.slots import PROTOCOL

from bluejay_contract.contract import Contract, ContractError


@functools.cache  # a contract lives as long as the process, and each mutant is proved by two validators
def derived(contract: Contract) -> tuple[model.Mutant, ...]:
    """Return the kit's mutants of a contract.

    Raises:
        ContractError: The kit can't cover one of its responses.
    """
    try:
        catalogue = Catalogue(Document(Path("openapi.yaml"), contract.document, {"": contract.document}))
        mutants = tuple(catalogue.mutants())
    except KitError as error:
        raise ContractError(str(error)) from None
    if {*contract.statuses} - {mutant.response.status for mutant in mutants}:
        raise ContractError(catalogue.skipped[0].reason)
    return mutants


def is_of_http(mutant: model.Mutant) -> bool:
    """Whether a mutant of the kit is about the response around the document."""
    return f":{PROTOCOL}::" in mutant.id


def sound(contract: Contract, status: int) -> Any:
    """Return the valid body of a status that mutants start from: the contract's example, with every field."""
    first = next(each for each in derived(contract) if each.response.status == status)
    return json.loads(first.response.body)
