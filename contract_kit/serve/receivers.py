"""Plays the service for a webhook receiver: signs each delivery, sends it, and reads the response."""

from __future__ import annotations

import re
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from urllib.parse import SplitResult

from attrs import field, frozen

from contract_kit.derive.exchange import Transfer
from contract_kit.derive.model import Mutant
from contract_kit.errors import ClientUnusableError

from .clients import Call, Outcome

Sign = Callable[[str, int, bytes, bytes], Mapping[str, str]]
"""Takes a delivery's id, time and body, and the secret; returns the headers that sign the delivery."""

EVERY = ""
"""The name that represents all webhooks without their own URL."""
_OLD = 86_400
_CHUNK = 65_536
_OTHER_BODY = b'{"other": "body"}'
_SIGNATURES = (Transfer.UNSIGNED, Transfer.WRONG_SIGNATURE, Transfer.OTHER_SIGNATURE)
_OF_ONE_DELIVERY = re.compile(r".*(delivery|(delivery|event|message|webhook|request)-id)", re.IGNORECASE)
"""Matches headers that identify a delivery. A receiver may skip a delivery whose id it already knows."""


@frozen
class Receiver:
    """A server that receives webhooks.

    Attributes:
        urls: Each webhook's URL, by webhook id.
        sign: The function that signs a delivery; None if the service doesn't sign deliveries.
        secret: The signing secret.
    """

    urls: Mapping[str, SplitResult]
    sign: Sign | None = None
    secret: bytes = field(default=b"", repr=False)

    def check(self) -> None:
        """Check that a server listens at each URL.

        Raises:
            ClientUnusableError: No server listens at one of the URLs.
        """
        for url in self.urls.values():
            try:
                socket.create_connection(_address(url), 5).close()
            except OSError as error:
                where = f"{url.hostname} on port {_address(url)[1]}"
                said = f"No receiver is listening at {where} ({error.strerror or error}). Start it first."
                raise ClientUnusableError(said) from None

    def can_get(self, mutant: Mutant) -> bool:
        """Whether a mutant makes sense for this receiver. Without signing, no signature can be wrong."""
        transfer, changed = mutant.response.transfer, mutant.parameter
        if transfer in _SIGNATURES:
            return self.sign is not None
        if transfer is Transfer.OLD:
            return self._signed(0, b"") != self._signed(_OLD, b"")
        is_header = mutant.operator.name in ("header", "no-header")
        return not is_header or not any(map(changed.startswith, map(str.lower, self._signed(0, b""))))

    def call(self, mutant: Mutant, timeout: float) -> Call:
        """Deliver a mutant with a new id and time, and sign its exact bytes."""
        response = mutant.response
        name, now = str(uuid.uuid4()), int(time.time())
        signed = self._headers(response.transfer, name, now, response.body)
        of_scheme = self._signed(now, response.body)  # takes precedence over the document's headers
        headers = {key: value for key, value in response.headers.items() if key.lower() not in of_scheme}
        headers |= {
            key: name
            for key, value in headers.items()
            if _OF_ONE_DELIVERY.fullmatch(key)
            and not (value.isdigit() or mutant.parameter.startswith(key.lower()))
        }
        url = self.urls.get(mutant.operation.id) or self.urls[EVERY]
        arguments = (url, mutant.operation.method, {**headers, **signed}, response.body, timeout)
        found = _sent(*arguments)
        is_again = response.transfer is Transfer.AGAIN and found.outcome is Outcome.ACCEPTED
        return _sent(*arguments) if is_again else found

    def _headers(self, transfer: Transfer, name: str, now: int, body: bytes) -> dict[str, str]:
        """Return the headers that sign a delivery, correctly or incorrectly, with names in lower case."""
        match transfer:
            case Transfer.OLD:
                return self._signed(now - _OLD, body, name)
            case Transfer.OTHER_SIGNATURE:
                return self._signed(now, _OTHER_BODY, name)
            case Transfer.WRONG_SIGNATURE:
                return self._signed(now, body, name, b"another")
            case Transfer.UNSIGNED:  # only a signature depends on the secret
                right, wrong = self._signed(now, body, name), self._signed(now, body, name, b"another")
                return {key: value for key, value in right.items() if value == wrong[key]}
        return self._signed(now, body, name)

    def _signed(self, now: int, body: bytes, name: str = "", more: bytes = b"") -> dict[str, str]:
        if self.sign is None:
            return {}
        found = self.sign(name, now, body, self.secret + more)
        return {key.lower(): value for key, value in found.items()}


def _address(url: SplitResult) -> tuple[str, int]:
    return url.hostname or "", url.port or (443 if url.scheme == "https" else 80)


def _sent(url: SplitResult, method: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Call:
    """Send a request on a new connection, and return what the receiver did."""
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    is_over = Event()
    try:
        with closing(kind(*_address(url), timeout=timeout)) as connection:
            connection.connect()
            with _ends_after(timeout, connection.sock, is_over):
                call = _responded(connection, url, method, headers, body)
    except TimeoutError:
        is_over.set()
    except ConnectionRefusedError:
        return Call(Outcome.INCONCLUSIVE, "nothing is listening there any more")
    except ValueError as error:  # a header with a line break
        return Call(Outcome.INCONCLUSIVE, f"can't be sent: {error}")
    except (OSError, HTTPException) as error:
        call = Call(Outcome.CRASHED, f"the connection ended without a response ({type(error).__name__})")
    return Call(Outcome.HUNG, f"took more than {timeout:g} s") if is_over.is_set() else call


@contextmanager
def _ends_after(seconds: float, connected: socket.socket, is_over: Event) -> Iterator[None]:
    """Shut a connection down at a deadline, because a socket's timeout applies to each read separately."""

    def end() -> None:
        is_over.set()
        with suppress(OSError):  # the receiver has closed it
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    connected.settimeout(None)
    timer = Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _responded(
    connection: HTTPConnection, url: SplitResult, method: str, headers: Mapping[str, str], body: bytes
) -> Call:
    """Send a request and read the entire response, using no proxy and following no redirect."""
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    encoded = {key: value.encode() for key, value in headers.items()}
    with suppress(BrokenPipeError, ConnectionResetError):  # a receiver might respond before it reads the body
        connection.request(method, target, body, {**encoded, "Connection": b"close"})
    response = connection.getresponse()
    with suppress(OSError, HTTPException):  # the status counts, even if the body is truncated
        while response.read(_CHUNK):
            pass
    return Call(_outcome(response.status), f"status {response.status}")


def _outcome(status: int) -> Outcome:
    if status == 429:
        return Outcome.INCONCLUSIVE
    if status >= 500:
        return Outcome.CRASHED
    return Outcome.ACCEPTED if 200 <= status < 300 else Outcome.REFUSED
