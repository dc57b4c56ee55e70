"""Mutants that break the transfer of a response: cut connections, wrong lengths, retries that succeed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from attrs import evolve

from contract_kit.derive.model import Response, Transfer
from contract_kit.derive.protocol import Disturbance, has_an_end, truncated

RECOVERED = "a client may retry after a broken response, and then accept the valid response"

_NO_CONTENT = 204
_TRANSFERS = {
    "no-response": (Transfer.NOTHING, "closes its connection before it responds"),
    "cut": (Transfer.CUT, "closes its connection in the middle of the body"),
    "no-last-chunk": (Transfer.NO_LAST_CHUNK, "closes its connection before the last chunk"),
    "length-too-long": (Transfer.LENGTH_TOO_LONG, "has a Content-Length above the length of its body"),
    "length-too-short": (Transfer.LENGTH_TOO_SHORT, "has a Content-Length below the length of its body"),
}
"""How the body is sent, and what is wrong with the transfer, by name."""


def transfer_disturbances(*, has_body: bool) -> Iterator[Disturbance]:
    """Yield each way to send a valid response wrongly, and broken responses before a valid response."""
    for name, (transfer, breaks) in _TRANSFERS.items():
        if has_body or transfer is Transfer.NOTHING:
            yield Disturbance(name, partial(_sent, transfer=transfer), breaks)
    yield Disturbance("503-then-valid", _unavailable, "has the status 503 once and is valid the next time")
    if has_body:
        for name, change, breaks in (
            ("cut-then-valid", partial(_sent, transfer=Transfer.CUT), "is cut once"),
            ("truncated-then-valid", truncated, "ends in the middle once"),
        ):
            yield Disturbance(name, partial(_once, change=change), f"{breaks} and is valid the next time")


def _with_content(valid: Response) -> Response:
    """Return a response with status 204 and the body of the valid response; an empty body becomes `{}`."""
    body = valid.body or b"{}"
    return evolve(valid, status=_NO_CONTENT, body=body, transfer=Transfer.UNEXPECTED)


CONTENT_AFTER_204 = Disturbance("204-with-content", _with_content, "has the status 204 and a body")


def raw(response: Response, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the bytes of a response that breaks HTTP.

    Args:
        response: The response.
        headers: The headers to send, without the headers that say where the body ends.
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


def _sent(valid: Response, transfer: Transfer) -> Response:
    is_unreadable = transfer is not Transfer.LENGTH_TOO_SHORT or has_an_end(valid.body)
    return evolve(valid, transfer=transfer) if is_unreadable else valid


def _once(valid: Response, change: Callable[[Response], Response]) -> Response:
    broken = change(valid)
    return broken if broken == valid else evolve(broken, then=valid)


def _unavailable(valid: Response) -> Response:
    return Response(503, {"Retry-After": "0"}, b"", then=valid)
