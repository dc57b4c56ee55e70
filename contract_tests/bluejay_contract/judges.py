"""Who judges a mutant, each over HTTP against the stub: our checks, schemathesis alone, and the client."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, cast

import httpx
import schemathesis
from schemathesis.core.failures import FailureGroup

from .checks import check, check_sequence
from .clients import JudgedClient
from .contract import Contract
from .exchange import Exchange, Key, Request
from .failure import Failure, Severity
from .mutants import RUN_ID, Mutant
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
    404: "RunNotFoundError",
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
        self._operation = schemathesis.openapi.from_dict(contract.document)[contract.path]["GET"]

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
        case = self._operation.Case(
            method=cast("Any", mutant.method),
            path_parameters={"simulation_run_id": RUN_ID},
            headers=SENT[mutant.key],
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
        if mutant.method != "GET" or (mutant.key is not Key.VALID and mutant.answers[-1].status == 200):
            return None
        self._serve(mutant)
        error = ""
        for _ in mutant.answers:
            error = self._client.error_of(RUN_ID)
        return error == _due(mutant)

    def _serve(self, mutant: Mutant) -> None:
        self._stub.serve(RUN_ID, *mutant.answers)

    def _exchange(self, mutant: Mutant) -> Exchange:
        path = self._contract.path.format(simulation_run_id=RUN_ID)
        response = self._http.request(mutant.method, path, headers=SENT[mutant.key])
        request = Request(RUN_ID, mutant.key, mutant.method, KEY, str(response.url))
        return Exchange(request, response.status_code, dict(response.headers), response.content)


def _due(mutant: Mutant) -> str:
    """Return the name of the error that the client owes a mutant; empty if it must accept it."""
    status = mutant.answers[-1].status
    if status != 200:
        return ERRORS.get(status, "UnexpectedStatusError")
    if mutant.beyond_limit:
        return "UnsupportedValueError"
    return "ContractViolationError" if mutant.schema_forbids and not mutant.tolerated else ""
