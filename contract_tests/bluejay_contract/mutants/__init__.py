"""The catalogue of mutants: responses that break the contract, and legal ones that look broken."""

from collections.abc import Iterator

from bluejay_contract.contract import Contract

from ._meaning import meaning_mutants
from ._mutant import RUN_ID, Mutant
from ._portable import portable_mutants
from ._protocol import protocol_mutants
from ._schema import schema_mutants

__all__ = ["RUN_ID", "Mutant", "catalogue"]


def catalogue(contract: Contract) -> tuple[Mutant, ...]:
    """Return every mutant of a contract, in a stable order, each id once."""
    return tuple(_all(contract))


def _all(contract: Contract) -> Iterator[Mutant]:
    yield from schema_mutants(contract, 200, "settled_with_failures")
    yield from schema_mutants(contract, 422, "missing_api_key")
    yield from protocol_mutants(contract)
    yield from portable_mutants(contract)
    yield from meaning_mutants(contract)
