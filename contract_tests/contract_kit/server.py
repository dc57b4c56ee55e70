"""A real HTTP server that answers documented requests, with a mutant where the request names one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from attrs import define, evolve

from .catalogue import Catalogue
from .errors import KitError
from .loopback import LOOPBACK, Loopback
from .model import Expect, Mutant, Response, Transfer
from .routes import Routes, matches, readable
from .transfers import RECOVERED, raw

HEADER = "Contract-Kit-Mutant"
"""The request header that names a mutant, by its id or its key."""

_PREFIX = re.compile(r"/mutant/([^/]+)(/.*)?", re.DOTALL)
_WITHOUT_BODY = {204, 304}
_NO_REQUEST = "the client sent no request below the URL that it was given, with its path"
_FRAMING = {"content-length", "transfer-encoding", "connection"}


@define
class Offer:
    """A mutant that is being served, and what the client has requested so far.

    Attributes:
        url: The base URL to give to the client.
        problem: Why the client has not got the mutant so far; empty once it has.
        sent: How many times the mutant was sent.
    """

    mutant: Mutant
    url: str
    problem: str = _NO_REQUEST
    sent: int = 0

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was requested below its URL."""
        return self.problem == _NO_REQUEST

    def serve(self, mutant: Mutant) -> None:
        """Serve a mutant from now on, as if nothing had been requested yet."""
        self.mutant, self.problem, self.sent = mutant, _NO_REQUEST, 0

    @property
    def judged(self) -> Mutant:
        """The mutant, with what the client should do: either, once it got the valid response that follows."""
        if self.mutant.response.then and self.sent > 1:
            return evolve(self.mutant, expect=Expect.EITHER, reason=RECOVERED)
        return self.mutant


class KitServer(Loopback):
    """A server that runs for the length of a `with` statement.

    It answers any request that the document has with a valid response. The request header
    `Contract-Kit-Mutant`, or `/mutant/KEY` in front of the path, names a mutant.
    """

    def __init__(self, catalogue: Catalogue, *, host: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(self._respond, host, port, name="server")
        self._catalogue = catalogue
        self._operations = {(each.method, each.path): each for each in catalogue.operations}
        self._routes = Routes(self._operations)
        self._offers: dict[str, Offer] = {}
        self._followed: set[str] = set()
        """The keys of mutants without an offer whose next response is the valid one that follows."""

    @contextmanager
    def offer(self, mutant: Mutant) -> Iterator[Offer]:
        """Serve a mutant below a URL of its own, and record what is requested there."""
        offer = self._offers[mutant.key] = Offer(mutant, f"{self.url}/mutant/{mutant.key}")
        try:
            yield offer
        finally:
            del self._offers[mutant.key]

    def __enter__(self) -> Self:
        try:
            return super().__enter__()
        except OSError as error:
            host, port = self._address
            why = str(error.strerror).partition(" (while")[0]
            raise KitError(
                f"Can't listen on {host}, port {port}: {why}. Give another host or port."
            ) from None

    async def _respond(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            response = self._answer(scope)
        except Exception as error:  # a server answers, whatever happens
            response = _failed(500, f"There is no answer: {type(error).__name__}: {error}")
        headers = [
            (name.lower().encode(), value.encode())
            for name, value in response.headers.items()
            if name.lower() not in _FRAMING
        ]
        if response.transfer is not Transfer.WHOLE:
            await _send_raw(scope["state"]["transport"], receive, raw(response, headers))
            return
        body = b"" if response.status in _WITHOUT_BODY else response.body
        if response.status not in _WITHOUT_BODY:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Mapping[str, Any]) -> Response:
        method, path = scope["method"], readable(scope["raw_path"].decode("latin-1"))
        name = dict(scope["headers"]).get(HEADER.lower().encode(), b"").decode(errors="replace")
        by_header = bool(name)
        if not name and (prefixed := _PREFIX.fullmatch(path)):
            name, path = prefixed[1], prefixed[2] or "/"
        offer = self._offers.get(name)
        mutant = offer.mutant if offer else self._catalogue.mutant(name) if name else None
        if name and not mutant:
            return _failed(404, f"There is no mutant {name}. `contract-kit mutants` lists them.")
        if mutant and mutant.operation.method == method and matches(mutant.operation.path, path):
            if offer:
                offer.problem = ""
                offer.sent += 1
            return self._in_turn(mutant, offer)
        found = self._routes.find(method, path)  # not sooner: it tries every operation
        wanted = f"{mutant.operation.method} {mutant.operation.path}" if mutant else ""
        if offer and offer.is_untouched:
            other = f" instead of {wanted}" if found else self._undocumented(method, path)
            offer.problem = f"the client requested {method} {path}{other}"
        if not found:
            return _failed(404, f"The document has no operation for {method} {path}.")
        if wanted and by_header:
            return _failed(400, f"The mutant {name} answers {wanted}, and not {method} {path}.")
        return self._catalogue.valid(self._operations[found])

    def _in_turn(self, mutant: Mutant, offer: Offer | None) -> Response:
        """Return the mutant's response, or the one that follows. Without an offer, they take turns."""
        if not (then := mutant.response.then):
            return mutant.response
        if offer:
            return then if offer.sent > 1 else mutant.response
        self._followed ^= {mutant.key}
        return mutant.response if mutant.key in self._followed else then

    def _undocumented(self, method: str, path: str) -> str:
        for base in self._catalogue.base_paths:
            if path.startswith(base) and self._routes.find(method, path.removeprefix(base)):
                return f": leave out {base}, as the URL that it was given stands for that too"
        return ", which the document doesn't have"


async def _send_raw(transport: Any, receive: Any, data: bytes) -> None:
    """Read the request to its end, write bytes and close the connection."""
    # A connection with unread bytes is reset when it is closed, and the client may lose the response.
    while (await receive()).get("more_body"):
        pass
    transport.write(data)
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _failed(status: int, problem: str) -> Response:
    body = json.dumps({"error": problem}).encode()
    return Response(status, {"Content-Type": "application/json"}, body)
