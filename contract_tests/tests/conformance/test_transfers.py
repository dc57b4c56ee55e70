"""The client and the kit's mutants of the connection and the encoding, which no rule of ours can find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bluejay_contract.contract import Contract
from bluejay_contract.mutants.found_by import found_by
from bluejay_contract.operations import QUEUE, TRAITS
from bluejay_results import BluejayClient, BluejayError
from contract_kit.catalogue import Catalogue
from contract_kit.model import Mutant
from contract_kit.server import KitServer

CATALOGUE = Catalogue(Contract.load().openapi)
MUTANTS = {each.id: each for each in CATALOGUE.mutants() if found_by(each) is None}
ACCEPTED = {"encoding-unknown"}
"""The client may ignore a content encoding that it does not know."""
RECOVERED = {"503-then-valid", "cut-then-valid"}


@pytest.fixture(scope="module")
def server() -> Iterator[KitServer]:
    with KitServer(CATALOGUE) as running:
        yield running


def is_believed(server: KitServer, mutant: Mutant, retries: int) -> bool:
    of_it = TRAITS[mutant.operation.id]
    with server.offer(mutant) as offer, BluejayClient("test-key", offer.url, retries=retries) as client:
        try:
            of_it.call(client, of_it.requested)
        except BluejayError:
            assert not offer.problem
            return False
    return True


@pytest.mark.parametrize("id_", MUTANTS)
def test_the_client_refuses_a_response_that_arrives_wrongly(server: KitServer, id_: str) -> None:
    assert is_believed(server, MUTANTS[id_], 0) is (MUTANTS[id_].name in ACCEPTED)


@pytest.mark.parametrize("id_", [id_ for id_, each in MUTANTS.items() if each.name in RECOVERED])
def test_a_retry_recovers_except_that_a_run_is_never_queued_twice(server: KitServer, id_: str) -> None:
    is_retried = MUTANTS[id_].operation.id != QUEUE
    assert is_believed(server, MUTANTS[id_], 1) is is_retried
