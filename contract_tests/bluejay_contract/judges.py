"""The judges of a mutant that the stub sends over HTTP: our checks, schemathesis alone, and the client."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self, cast

import schemathesis
from contract_kit.derive.model import Expect
from requests import Response, Session
from schemathesis.core.failures import FailureGroup

from .checks import check, check_sequence
from .clients import JudgedClient
from .contract import Contract
from .exchange import Exchange, Key, Request
from .failure import Failure, Severity
from .mutants import Trial
from .operations import RESULT, RESULTS, traits
from .stub import Stub

KEY = "test-key"
SENT: dict[Key, dict[str, str]] = {
    Key.VALID: {"X-API-Key": KEY},
    Key.WRONG: {"X-API-Key": "wrong-key"},
    Key.MISSING: {},
}

_SUBJECTS = {RESULTS: "simulation_run", RESULT: "simulation_result"}
"""The object whose id was requested, by operation."""
ERRORS = {
    401: "AuthenticationError",
    403: "AuthenticationError",
    404: "NotFoundError",
    422: "RequestRejectedError",
    429: "RateLimitError",
    **dict.fromkeys((500, 502, 503), "ServerError"),
}
"""The error that the client must raise, by status. Any other status except 200: `UnexpectedStatusError`."""


class Judges:
    """The three judges, on one stub. Use as a context manager.

    Our checks and schemathesis judge the same responses, so each mutant is requested once for both.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._stub = Stub(api_key=KEY, pages=False)  # so that it sends each mutant byte for byte
        schema = schemathesis.openapi.from_dict(contract.document)
        operations = contract.operations.values()
        self._documented = {each.id: schema[each.path][each.method] for each in operations}
        self._requested: Trial | None = None
        self._responses: list[Response] = []

    def __enter__(self) -> Self:
        self._stub.__enter__()
        self._session = Session()
        self._session.headers.clear()  # only the headers of each request are sent
        self._session.trust_env = False  # otherwise each request looks for proxies and a netrc file
        self._client = JudgedClient(KEY, self._stub.url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._session.close()
        self._stub.__exit__(kind, error, trace)

    def checks(self, trial: Trial) -> list[Failure]:
        """Return the failures that our checks find in the mutant."""
        exchanges = [
            Exchange(request, each.status_code, dict(each.headers.lower_items()), each.content)
            for request, each in zip(self._requests(trial), self._received(trial), strict=True)
        ]
        found = check(self._contract, exchanges[-1])
        return found + (check_sequence(*exchanges) if len(exchanges) == 2 else [])

    def is_found_by_checks(self, trial: Trial) -> bool:
        """Whether our checks find the mutant by its rule at its path.

        For a legal mutant, return whether our checks report a violation. A failure of another rule or at
        another path doesn't count, because it may be a mistake in our checks.
        """
        found = self.checks(trial)
        if not trial.rule:
            return any(failure.severity is Severity.VIOLATION for failure in found)
        return any((failure.rule, failure.path) == (trial.rule, trial.path) for failure in found)

    def is_found_by_schemathesis(self, trial: Trial) -> bool:
        """Whether schemathesis' built-in checks object to the mutant, without our checks."""
        request, operation = self._requests(trial)[-1], self._contract.operations[trial.operation]
        parameters = [each["name"] for each in operation.parameters if each["in"] == "path"]
        case = self._documented[operation.id].Case(
            method=cast("Any", request.method),
            path_parameters=dict.fromkeys(parameters, request.id),
            headers=SENT[trial.key],
        )
        found = False
        for response in self._received(trial):
            try:
                case.validate_response(response)
            except FailureGroup:
                found = True
        return found

    def client_agrees(self, trial: Trial) -> bool | None:
        """Whether the client does what the contract requires; None if no client sends such a request.

        The client must refuse a broken 200 as a violation of the contract, or as beyond the client's own
        limit. It must decode a 200 that it should accept. For any other status, it must raise the error of
        that status.
        """
        if trial.method or (trial.key is not Key.VALID and trial.status == 200):
            return None
        self._serve(trial)
        of_it, error = traits(trial.operation), ""
        for _ in trial.answers:
            error = self._client.error_of(lambda client: of_it.call(client, of_it.requested))
        return error == _due(trial)

    def _serve(self, trial: Trial) -> None:
        of_it = traits(trial.operation)
        of_it.serve(self._stub, of_it.requested, trial.answers)

    def _received(self, trial: Trial) -> list[Response]:
        """Return the responses of a mutant. The last responses are reused if they were for this mutant."""
        if self._requested is not trial:
            self._serve(trial)
            self._responses = [self._sent(each) for each in self._requests(trial)]
            self._requested = trial
        return self._responses

    def _sent(self, request: Request) -> Response:
        headers = SENT[request.key] | ({"content-type": "application/json"} if request.body else {})
        options: dict[str, Any] = {"headers": headers, "data": request.body, "allow_redirects": False}
        return self._session.request(request.method, request.source, **options)

    def _requests(self, trial: Trial) -> tuple[Request, ...]:
        operation = self._contract.operations[trial.operation]
        url = self._stub.url + operation.url(traits(operation.id).requested)
        return trial.requests(self._contract, KEY, url)


def _due(trial: Trial) -> str:
    """Return the name of the error that the client must raise; empty if it must accept the mutant."""
    if trial.status == 404 and trial.operation == RESULTS:
        return "RunNotFoundError"
    if trial.status != 200:
        return ERRORS.get(trial.status, "UnexpectedStatusError")
    if trial.limit:
        return "UnsupportedValueError"
    is_refused = trial.mutant.expect is Expect.REFUSE or _is_of_another(trial)
    return "ContractViolationError" if is_refused else ""


def _is_of_another(trial: Trial) -> bool:
    """Whether a valid body has another id than the requested one, which the client must refuse."""
    if trial.operation not in _SUBJECTS:
        return False
    try:
        received = json.loads(trial.mutant.response.body)[_SUBJECTS[trial.operation]]["id"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(received, str | int) and str(received) != traits(trial.operation).requested
