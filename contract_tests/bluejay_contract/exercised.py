"""How much of the contract the scenarios exercise, counted from what the stub sends over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
from contract_kit.coverage import Coverage, coverage
from contract_kit.exchanges import Exchange
from contract_kit.loading import Document

from .contract import Contract
from .stub import SCENARIOS, Stub

_LARGE = "large"
"""Left out: 7 MB of what the other scenarios have too."""

_KEY = {"X-API-Key": "test-key"}


def exercised(contract: Contract) -> Coverage:
    """Count what the stub's answers exercise: each step of each scenario, and one without a key."""
    document = Document(Path("openapi.yaml"), contract.document, {"": contract.document})
    return coverage(document, _exchanges(contract))


def _exchanges(contract: Contract) -> Iterator[Exchange]:
    with Stub(api_key=_KEY["X-API-Key"]) as stub, httpx.Client(base_url=stub.url) as client:
        for scenario in (each for each in SCENARIOS.values() if each.name != _LARGE):
            path = contract.path.format(simulation_run_id=scenario.run_id)
            for _ in scenario.bodies:
                yield _exchange(client.get(path, headers=_KEY))
        yield _exchange(client.get(path))


def _exchange(response: httpx.Response) -> Exchange:
    request = response.request
    return Exchange(
        request.method, request.url.path, response.status_code, response.headers, response.content
    )
