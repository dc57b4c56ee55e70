"""Measures how much of the contract is exercised by the responses that the stub sends over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from contract_kit.coverage import Coverage, coverage
from contract_kit.exchanges import Exchange
from contract_kit.recording import exchange_of

from .contract import Contract
from .exchange import JSON_HEADERS
from .operations import QUEUE, RESULT, RESULTS, RUNS
from .stub import SCENARIOS, Stub

_LARGE = "large"
"""Left out, because its 7 MB contain nothing that other scenarios lack."""

_SOME = 10
"""The number of results of a run that are fetched by id."""

_SIMULATIONS = ("731", "733", "735", "736", "737")
"""The simulations whose runs are listed; the last two have no runs."""

_KEY = {"X-API-Key": "test-key"}


def exercised(contract: Contract) -> Coverage:
    """Measure how much of the contract is exercised by the stub's answers.

    The answers are: each step of each scenario, some of its results fetched by id, a queued run, the refusal
    of a body that isn't JSON, the runs of some simulations, and each operation without a key.
    """
    return coverage(contract.openapi, _exchanges(contract))


def _exchanges(contract: Contract) -> Iterator[Exchange]:
    with Stub(api_key=_KEY["X-API-Key"]) as stub, httpx.Client(base_url=stub.url) as client:
        runs, results, queue = (contract.operations[each] for each in (RESULTS, RESULT, QUEUE))
        for scenario in (each for each in SCENARIOS.values() if each.name != _LARGE):
            ids: set[int] = set()
            for _ in scenario.bodies:
                listed = client.get(runs.url(scenario.run_id), headers=_KEY)
                ids |= {each["id"] for each in listed.json().get("simulation_results") or ()}
                yield exchange_of(listed)
            for id_ in sorted(ids)[:_SOME]:
                yield exchange_of(client.get(results.url(str(id_)), headers=_KEY))
        yield exchange_of(client.post(queue.url(""), headers=_KEY | JSON_HEADERS, content=queue.request_body))
        yield exchange_of(client.post(queue.url(""), headers=_KEY | JSON_HEADERS, content=b"{"))
        for simulation_id in _SIMULATIONS:
            yield exchange_of(client.get(contract.operations[RUNS].url(simulation_id), headers=_KEY))
        for operation in contract.operations.values():
            yield exchange_of(client.request(operation.method, operation.url("48213")))
