"""A real HTTP server that responds to documented requests: with a mutant if the request selects a mutant."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import unquote

from attrs import define, evolve, field

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Expect, Mutant
from contract_kit.derive.pages import following, linked
from contract_kit.derive.requests import path_pattern
from contract_kit.errors import KitError, UncoverableError
from contract_kit.read.operations import Listed

from .loopback import LOOPBACK, Loopback

RECOVERED = "a client may retry after a broken response, and then accept the valid response"
HEADER = "Contract-Kit-Mutant"
"""The request header that selects a mutant by id or key."""

MOST_PAGES = 2_000
"""The number of requests for a page after which a client is assumed to loop endlessly, and gets a 508."""

_PREFIX = re.compile(r"/mutant/([^/]+)(/.*)?", re.DOTALL)
_NO_REQUEST = "the client sent no request under the given URL; it must keep the URL's path"


@define
class Offer:
    """A mutant that is being served, and the client's requests so far.

    Attributes:
        url: The base URL to pass to the client.
        problem: Why the client hasn't received the mutant yet; empty once it has.
        requests: The decoded path and query of each request for the mutant.
        query: The first request's query.
    """

    mutant: Mutant
    url: str
    problem: str = _NO_REQUEST
    requests: list[str] = field(factory=list)
    query: str = ""

    @property
    def is_untouched(self) -> bool:
        """Whether no request to this URL has been received yet."""
        return self.problem == _NO_REQUEST

    def serve(self, mutant: Mutant) -> None:
        """Serve another mutant from now on, and forget earlier requests."""
        self.mutant, self.problem, self.requests = mutant, _NO_REQUEST, []

    @property
    def is_endless(self) -> bool:
        """Whether the client follows cursors in an endless loop."""
        return self.mutant.misleads and len(self.requests) > MOST_PAGES

    @property
    def judged(self) -> Mutant:
        """The mutant, whose expected outcome can depend on the number of requests so far.

        For some mutants, the second request gets a valid response. After that, the client may accept or
        refuse the mutant.
        """
        if self.mutant.response.then and len(self.requests) > 1:
            return evolve(self.mutant, expect=Expect.EITHER, reason=RECOVERED)
        return self.mutant


class KitServer(Loopback):
    """A server that runs during a `with` statement.

    Any documented request gets a valid response. A request gets a mutant instead if it has the header
    `Contract-Kit-Mutant`, or if its path begins with `/mutant/KEY`.

    Args:
        catalogue: The source of the responses.
        host: The address to listen on.
        port: The port; 0 picks a free one.
        offers_only: Whether to serve only mutants that are being offered with `offer`. To find any other
            mutant, the server would have to read the entire document, even if the request is only a client's
            late retry.
    """

    def __init__(
        self, catalogue: Catalogue, *, host: str = LOOPBACK, port: int = 0, offers_only: bool = False
    ) -> None:
        super().__init__(self._respond, host, port, name="server")
        self._catalogue = catalogue
        self._offers_only = offers_only
        # As OpenAPI requires, a literal path takes precedence over a path with parameters.
        self._listed = sorted(
            catalogue.listed, key=lambda each: ["{" in step for step in each.path.split("/")]
        )
        self._offers: dict[str, Offer] = {}
        self._followed: set[str] = set()
        """Keys of mutants, requested without `offer`, whose next response is the valid response."""

    @contextmanager
    def offer(self, mutant: Mutant) -> Iterator[Offer]:
        """Serve a mutant at its own URL, and record requests to this URL."""
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
                f"Can't listen on {host}, port {port} ({why}). Choose another host or port."
            ) from None

    async def _respond(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            response = linked(self._answer(scope), _url(scope))
        except Exception as error:  # a server must respond even after a bug
            response = _failed(500, f"No response could be made: {type(error).__name__}: {error}")
        headers = [(name.lower().encode(), value.encode()) for name, value in response.sent_headers.items()]
        if response.transfer is not Transfer.WHOLE:
            await _send_raw(scope["state"]["transport"], receive, _raw(response, headers))
            return
        if (body := response.sent_body) is not None:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": body or b""})

    def _answer(self, scope: Mapping[str, Any]) -> Response:
        method, path = scope["method"], _readable(scope["raw_path"].decode("latin-1"))
        query = scope["query_string"].decode("latin-1")
        name = dict(scope["headers"]).get(HEADER.lower().encode(), b"").decode(errors="replace")
        by_header = bool(name)
        if not name and (prefixed := _PREFIX.fullmatch(path)):
            name, path = prefixed[1], prefixed[2] or "/"
        offer = self._offers.get(name)
        mutant = offer.mutant if offer else self._named(name)
        if name and not mutant:
            return _failed(404, f"There is no mutant {name}. `contract-kit mutants` lists them.")
        if mutant and mutant.operation.method == method and _matches(mutant.operation.path, path):
            if offer:
                offer.problem = ""
                offer.requests.append(f"{path}?{unquote(query)}" if query else path)
                offer.query = query if len(offer.requests) == 1 else offer.query
            return self._in_turn(mutant, offer, query)
        found = self._find(method, path)  # slow, because it tries every operation
        wanted = f"{mutant.operation.method} {mutant.operation.path}" if mutant else ""
        if offer and offer.is_untouched:
            other = f" instead of {wanted}" if found else self._undocumented(method, path)
            offer.problem = f"the client requested {method} {path}{other}"
        if not found:
            return _failed(404, f"The document has no operation for {method} {path}.")
        if wanted and by_header:
            return _failed(400, f"The mutant {name} is a response to {wanted}, not to {method} {path}.")
        try:
            operation = self._catalogue.operation(found.id)
            valid = self._catalogue.valid(operation)
            return following(valid, operation, query) or valid
        except UncoverableError as error:
            return _failed(404, f"{found.name} can't be served. {error}")

    def _named(self, name: str) -> Mutant | None:
        return self._catalogue.mutant(name) if name and not self._offers_only else None

    def _find(self, method: str, path: str) -> Listed | None:
        fitting = (each for each in self._listed if each.method == method and _matches(each.path, path))
        return next(fitting, None)

    def _in_turn(self, mutant: Mutant, offer: Offer | None, query: str) -> Response:
        """Return the mutant's response, or the valid response that follows it, whichever is next.

        A request with a cursor gets the last page. Requests are counted only for mutants served with
        `KitServer.offer`. For any other mutant, the two responses alternate.
        """
        if offer and offer.is_endless:
            return _failed(508, f"The page was requested {len(offer.requests):,} times.")
        then = mutant.response.then
        first = offer.query if offer else None
        if last := following(then or mutant.response, mutant.operation, query, first):
            return last
        if not then:
            return mutant.response
        if offer:
            return then if len(offer.requests) > 1 else mutant.response
        self._followed ^= {mutant.key}
        return mutant.response if mutant.key in self._followed else then

    def _undocumented(self, method: str, path: str) -> str:
        for base in self._catalogue.base_paths:
            if path.startswith(base) and self._find(method, path.removeprefix(base)):
                return f", so leave out {base}, because the URL passed to the client replaces the base path"
        return ", which the document doesn't have"


async def _send_raw(transport: Any, receive: Any, data: bytes) -> None:
    """Read a request to its end, then write bytes and close the connection."""
    # Closing a connection with unread bytes resets it, and the client might lose the response.
    while (await receive()).get("more_body"):
        pass
    transport.write(data)
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _failed(status: int, problem: str) -> Response:
    body = json.dumps({"error": problem}).encode()
    return Response(status, {"Content-Type": "application/json"}, body)


def _raw(response: Response, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the bytes of a response that breaks HTTP.

    Its headers don't determine where the body ends.
    """
    body, length = response.body, len(response.body)
    match response.transfer:
        case Transfer.NOTHING:
            return b""
        case Transfer.CUT:
            body = body[: length // 2]
        case Transfer.LENGTH_TOO_LONG:
            length += 1
        case Transfer.LENGTH_TOO_SHORT:
            length -= 1
        case Transfer.NO_LAST_CHUNK:
            body = b"%x\r\n%b\r\n" % (length, body)
    chunked = response.transfer is Transfer.NO_LAST_CHUNK
    framing = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % length
    lines = [b"HTTP/1.1 %d " % response.status, *(b"%b: %b" % each for each in headers), framing]
    return b"\r\n".join([*lines, b"connection: close", b"", body])


def _matches(template: str, path: str) -> bool:
    """Whether a decoded path matches a path template."""
    return _pattern(template).fullmatch(path) is not None


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(path_pattern(template), re.DOTALL)


def _url(scope: Mapping[str, Any]) -> str:
    """Return a request's URL, including the host as the client sent it."""
    host, path = dict(scope["headers"]).get(b"host", b""), scope["raw_path"]
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return f"http://{(host + path + query).decode('latin-1')}"


def _readable(path: str) -> str:
    """Decode a request's path, except for encoded slashes in parameters."""
    return unquote(re.sub("%2f", "%252F", path, flags=re.IGNORECASE))
