"""The client gets mutants of the connection and of the encoding, which no rule of the harness can find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bluejay_contract.contract import Contract
from bluejay_contract.operations import QUEUE
from bluejay_results import BluejayClient, BluejayError
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.serve.server import KitServer

from ..harness.mutants.found_by import found_by
from ..operations import TRAITS

RECOVERED = {"503-then-valid", "cut-then-valid"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(Contract.load().openapi)


@pytest.fixture(scope="module")
def mutants(catalogue: Catalogue) -> list[Mutant]:
    return [each for each in catalogue.mutants() if found_by(each) is None]


@pytest.fixture(scope="module")
def server(catalogue: Catalogue) -> Iterator[KitServer]:
    with KitServer(catalogue) as running:
        yield running


def _is_believed(server: KitServer, mutant: Mutant, retries: int) -> bool:
    of_it = TRAITS[mutant.operation.id]
    with server.offer(mutant) as offer, BluejayClient("test-key", offer.url, retries=retries) as client:
        try:
            of_it.call(client, of_it.requested)
        except BluejayError:
            assert not offer.problem
            return False
    return True


def test_the_client_refuses_a_response_that_arrives_wrongly(server: KitServer, mutants: list[Mutant]) -> None:
    assert [each.id for each in mutants if _is_believed(server, each, 0)] == []


def test_a_retry_recovers_except_that_a_run_is_never_queued_twice(
    server: KitServer, mutants: list[Mutant]
) -> None:
    recovered = [each.id for each in mutants if each.name in RECOVERED and _is_believed(server, each, 1)]
    retried = [each for each in mutants if each.name in RECOVERED and each.operation.id != QUEUE]
    assert recovered == [each.id for each in retried]
    assert {each.name for each in retried} == RECOVERED
