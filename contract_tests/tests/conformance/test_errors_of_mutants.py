"""The class and the path of the error that each contract mutant causes in our client, without HTTP.

`test_our_client.py` checks over HTTP which mutants the client refuses.
"""

import json

import httpx
import pytest
from bluejay_contract.operations import RESULTS
from bluejay_results import BluejayClient, BluejayError, ContractViolationError
from contract_kit.derive.exchange import Transfer
from contract_kit.derive.model import Mutant
from contract_kit.read.paths import json_path, steps

from ..operations import TRAITS, is_of_another
from .limits import catalogue

BY_STATUS = {
    401: "AuthenticationError",
    403: "AuthenticationError",
    404: "NotFoundError",
    422: "RequestRejectedError",
    429: "RateLimitError",
    **dict.fromkeys((500, 502, 503, 511), "ServerError"),
}
"""The error for each status; any other status except 200 raises `UnexpectedStatusError`."""
WITH_A_PATH = {"type", "anyOf", "format", "required"}
"""The mutants' groups in which the client's first violation must have the mutant's path."""


@pytest.fixture(scope="module")
def refused() -> list[tuple[Mutant, BluejayError]]:
    """The mutants that our client refuses, each with the error, except those that break the connection."""
    found: list[tuple[Mutant, BluejayError]] = []
    answers: list[httpx.Response] = []
    with (
        httpx.Client(transport=httpx.MockTransport(lambda _: answers.pop())) as http,
        BluejayClient("test-key", "http://127.0.0.1:9", retries=0, http_client=http) as client,
    ):
        for each in catalogue().mutants():
            sent = each.response
            breaks_the_id = each.location.endswith("id")
            if not breaks_the_id and is_of_another(each.operation.id, sent.body):
                continue  # the client refuses examples about other runs
            if sent.transfer is not Transfer.WHOLE or sent.then or "content-encoding" in dict(sent.headers):
                continue
            answers[:] = [httpx.Response(sent.status, headers=dict(sent.headers), content=sent.body)]
            operation = TRAITS[each.operation.id]
            try:
                operation.call(client, operation.requested)
            except BluejayError as error:
                found.append((each, error))
    return found


def test_a_refused_mutant_raises_an_error_of_the_expected_class(
    refused: list[tuple[Mutant, BluejayError]],
) -> None:
    assert len(refused) > 1_500
    assert {each.id: type(error).__name__ for each, error in refused} == {
        each.id: _due(each) for each, _ in refused
    }


def test_the_first_violation_has_the_path_where_the_mutant_breaks_the_contract(
    refused: list[tuple[Mutant, BluejayError]],
) -> None:
    found = {
        each.id: (error.violations[0].path, _path(each))
        for each, error in refused
        if isinstance(error, ContractViolationError)
        and each.group in WITH_A_PATH
        and each.operator.name != "wrapped"  # an object without any of its required properties
    }
    assert len(found) > 200
    assert [id_ for id_, (path, due) in found.items() if path != due] == []


def _due(mutant: Mutant) -> str:
    status = mutant.response.status
    if status == 200:
        return "ContractViolationError"
    if status == 404 and mutant.operation.id == RESULTS:
        return "RunNotFoundError"
    return BY_STATUS.get(status, "UnexpectedStatusError")


def _path(mutant: Mutant) -> str:
    """Return the path of a mutant's wrong value or missing field."""
    path = json_path(steps(json.loads(mutant.response.body), mutant.location))
    key = mutant.place.rpartition("/")[2]
    return f"{path}.{key}" if mutant.group == "required" else path
