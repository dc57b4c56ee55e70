"""Who judges a mutant, each over HTTP against the stub: our checks, schemathesis alone, and the client."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self, cast

import httpx
import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup

from .checks import check, check_sequence
from .clients import JudgedClient
from .contract import Contract
from .exchange import Exchange, Key
from .failure import Failure, Severity
from .mutants import REQUESTED, Mutant
from .operations import QUEUE, RESULT, RESULTS
from .stub import Stub

KEY = "test-key"
SENT: dict[Key, dict[str, str]] = {
    Key.VALID: {"X-API-Key": KEY},
    Key.WRONG: {"X-API-Key": "wrong-key"},
    Key.MISSING: {},
}

ERRORS = {
    401: "AuthenticationError",
    403: "AuthenticationError",
    404: "NotFoundError",
    422: "RequestRejectedError",
    429: "RateLimitError",
    **dict.fromkeys((500, 502, 503), "ServerError"),
}
"""The name of what the client must raise for a status; for any other than 200, `UnexpectedStatusError`."""


class Judges:
    """The three judges, on one stub. Use as a context manager; each judgement takes one or two requests."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._stub = Stub(api_key=KEY)
        schema = schemathesis.openapi.from_dict(contract.document)
        operations = contract.operations.values()
        self._documented = {each.id: schema[each.path][each.method] for each in operations}

    def __enter__(self) -> Self:
        self._stub.__enter__()
        self._http = httpx.Client(base_url=self._stub.url)
        self._client = JudgedClient(KEY, self._stub.url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._http.close()
        self._stub.__exit__(kind, error, trace)

    def checks(self, mutant: Mutant) -> list[Failure]:
        """Return what our checks find in the mutant."""
        self._serve(mutant)
        exchanges = [self._exchange(mutant) for _ in mutant.answers]
        found = check(self._contract, exchanges[-1])
        return found + (check_sequence(*exchanges) if len(exchanges) == 2 else [])

    def is_found_by_checks(self, mutant: Mutant) -> bool:
        """Whether our checks object: to a legal mutant with a violation, to another by its rule at its path.

        What another rule finds, or the same rule elsewhere, may be a mistake of ours and is no kill.
        """
        found = self.checks(mutant)
        if mutant.legal:
            return any(failure.severity is Severity.VIOLATION for failure in found)
        return any((failure.rule, failure.path) == (mutant.rule, mutant.path) for failure in found)

    def is_found_by_schemathesis(self, mutant: Mutant) -> bool:
        """Whether schemathesis' built-in checks object to the mutant, without any of ours."""
        self._serve(mutant)
        request, operation = mutant.request(self._contract), self._contract.operations[mutant.operation]
        parameters = [each["name"] for each in operation.parameters if each["in"] == "path"]
        case = self._documented[operation.id].Case(
            method=cast("Any", request.method),
            path_parameters=dict.fromkeys(parameters, request.id),
            headers=SENT[mutant.key],
            body=json.loads(request.body) if request.body else NOT_SET,
            media_type="application/json" if request.body else None,
        )
        found = False
        for _ in mutant.answers:
            response = case.call(base_url=self._stub.url, allow_redirects=False)
            try:
                case.validate_response(response)
            except FailureGroup:
                found = True
        return found

    def client_agrees(self, mutant: Mutant) -> bool | None:
        """Whether the client does what the contract asks of it; None where no client sends such a request.

        It must refuse a 200 that the schema forbids as a violation of the contract, or name its own limit
        where that comes first, decode one that the schema allows or that it tolerates, and raise the error of
        any other status.
        """
        if mutant.method or (mutant.key is not Key.VALID and mutant.answers[-1].status == 200):
            return None
        self._serve(mutant)
        error = ""
        for _ in mutant.answers:
            error = self._client.error_of(mutant.operation, REQUESTED[mutant.operation])
        return error == _due(mutant)

    def _serve(self, mutant: Mutant) -> None:
        if mutant.operation == QUEUE:
            self._stub.serve_queue(*mutant.answers)
        elif mutant.operation == RESULT:
            self._stub.serve_result(REQUESTED[RESULT], *mutant.answers)
        else:
            self._stub.serve(REQUESTED[RESULTS], *mutant.answers)

    def _exchange(self, mutant: Mutant) -> Exchange:
        url = self._stub.url + self._contract.operations[mutant.operation].url(REQUESTED[mutant.operation])
        request = mutant.request(self._contract, KEY, url)
        headers = SENT[mutant.key] | ({"content-type": "application/json"} if request.body else {})
        response = self._http.request(request.method, url, headers=headers, content=request.body or None)
        return Exchange(request, response.status_code, dict(response.headers), response.content)


def _due(mutant: Mutant) -> str:
    """Return the name of the error that the client owes a mutant; empty if it must accept it."""
    status = mutant.answers[-1].status
    if status == 404 and mutant.operation == RESULTS:
        return "RunNotFoundError"
    if status != 200:
        return ERRORS.get(status, "UnexpectedStatusError")
    if mutant.beyond_limit:
        return "UnsupportedValueError"
    return "ContractViolationError" if mutant.schema_forbids and not mutant.tolerated else ""
