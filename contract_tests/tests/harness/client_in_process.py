"""Our client without a socket: the responses that it reads are given to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
from bluejay_contract.stub import Answer
from bluejay_results import BluejayClient, BluejayError

from ..operations import TRAITS


class ClientInProcess:
    """A client whose HTTP library gets the given answers, in turn."""

    def __init__(self, client: BluejayClient, answers: list[Answer]) -> None:
        self._client = client
        self._answers = answers

    def error(self, operation: str, answers: Iterable[Answer]) -> BluejayError | None:
        """Call an operation once per answer. Return the last call's error; None if the client accepts."""
        of_it, error = TRAITS[operation], None
        self._answers[:] = answers
        while self._answers:
            try:
                of_it.call(self._client, of_it.requested)
                error = None
            except BluejayError as raised:
                error = raised
        return error


@contextmanager
def client_in_process() -> Iterator[ClientInProcess]:
    """Open a client whose HTTP library is not connected to anything."""
    answers: list[Answer] = []

    def respond(_request: httpx.Request) -> httpx.Response:
        answer = answers.pop(0)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)

    with (
        httpx.Client(transport=httpx.MockTransport(respond)) as http,
        BluejayClient("test-key", "http://127.0.0.1:9", retries=0, http_client=http) as client,
    ):
        yield ClientInProcess(client, answers)
