"""Tables of what the kit's server sends, byte for byte, and of what it notes about a client's requests."""

import socket
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Mutant, Operation
from contract_kit.serve.server import KitServer

from ..fakes import GET_ORDER, JSON, LIST_ORDERS, ORDER, FakeCatalogue, mutant
from .texts import Case, escaped

CREATE = evolve(LIST_ORDERS, id="createOrder", method="POST")
HEAD = evolve(GET_ORDER, id="headOrder", method="HEAD")
MINE = Operation("getMine", "GET", "/orders/mine", GET_ORDER.request)
OPERATIONS = (GET_ORDER, MINE, LIST_ORDERS, CREATE, HEAD)
TRANSFERS = list(Transfer)[: list(Transfer).index(Transfer.UNSIGNED)]
LENGTH = {
    "Content-Length": "1",
    "Transfer-Encoding": "chunked",
    "Connection": "keep-alive",
    "X-Note": "\N{SNOWMAN}",
}


def changed(name: str, operation: Operation = GET_ORDER, **changes: Any) -> Mutant:
    """Return a mutant whose response is changed."""
    given = mutant(name, ORDER, operation=operation)
    return evolve(given, response=evolve(given.response, **changes))


MUTANTS = (
    mutant("broken"),
    mutant("empty", b""),
    mutant("bytes", b"{\xff\x00\r\n\r\n"),
    mutant("created", status=201, operation=CREATE),
    mutant("head", operation=HEAD),
    mutant("headers", headers=LENGTH),
    changed("again", status=503, then=Response(200, JSON, ORDER)),
    *(mutant(f"{status}", status=status) for status in (200, 204, 299, 302, 304, 418, 599)),
    *(changed(each.replace(" ", "-"), transfer=each) for each in TRANSFERS),
)


def responses(cases: Iterable[Case]) -> Iterator[str]:
    """Yield all bytes of the response to a request: `METHOD PATH [as MUTANT]`."""
    with KitServer(FakeCatalogue(MUTANTS, OPERATIONS)) as server:
        for case in cases:
            request, _, name = case.text.partition(" as ")
            chosen = [f"contract-kit-mutant: {name}"] if name else []
            yield escaped(raw(server.url, request, *chosen))


def raw(url: str, request: str, *headers: str, body: bytes = b"") -> bytes:
    """Return all bytes received on a connection until the server closes it."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
        lines = [
            f"{request} HTTP/1.1",
            "host: x",
            *headers,
            "connection: close",
            f"content-length: {len(body)}",
        ]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def offers(cases: Iterable[Case]) -> Iterator[str]:
    """Yield what an offer notes after requests below its URL: `MUTANT: METHOD PATH, METHOD PATH...`."""
    with KitServer(FakeCatalogue(MUTANTS, OPERATIONS), offers_only=True) as server:
        for case in cases:
            name, _, requests = case.text.partition(": ")
            with server.offer(next(each for each in MUTANTS if each.id == name)) as offer:
                below = f" {urlsplit(offer.url).path}"
                sent = [each.replace(" ", below) for each in filter(None, requests.split(", "))]
                got = [raw(server.url, each) for each in sent]
            statuses = " ".join(each.split(b" ", 2)[1].decode() for each in got)
            judged = f"{offer.judged.expect} {offer.judged.reason}".rstrip()
            noted = f"{statuses or 'none'}; {offer.requests}; untouched: {offer.is_untouched}; {judged}"
            yield f"{noted}\nproblem: {offer.problem}" if offer.problem else noted
