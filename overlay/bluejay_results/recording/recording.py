"""A recording: the settings, requests and responses that a run was built from."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from .._secrets import Secret
from .exchange import Exchange

CREDENTIAL_HEADERS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "set-cookie2", "x-api-key"}
)
"""Headers that are never saved."""


@frozen
class Settings:
    """How a call reads a run.

    Attributes:
        is_wait: Whether `wait` reads the run; otherwise `retrieve` does.
        tool_call_grace: How many seconds after a conversation's end its verdict and tool calls may still
            arrive.
        queued_ids: The ids of the conversations that were queued with the run; empty if they are not known.
        simulation_id: The simulation that was queued; None if it is not known.
        secret: The API key, which must not be in any recording.
    """

    is_wait: bool = False
    tool_call_grace: float = 0.0
    queued_ids: tuple[str, ...] = ()
    simulation_id: str | None = None
    secret: Secret = field(factory=Secret, repr=False, eq=False)


@frozen
class FirstSeen:
    """When a wait first saw that a run and its conversations had ended.

    Times are in seconds of the client's monotonic clock.

    Attributes:
        run: When the wait first saw that the run had ended; None before that.
        conversations: When the wait first saw that each conversation had ended, by its id as text. The key is
            the text `None` if the id breaks the contract.
    """

    run: float | None = None
    conversations: Mapping[str, float] = field(factory=dict)


@frozen
class Recording:
    """What a run is built from: the settings of the call, its requests and responses, and what a wait saw.

    The exchanges are in the order of their arrival.
    """

    settings: Settings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    seen: FirstSeen = field(factory=FirstSeen, repr=False)

    def without_key(self) -> Recording:
        """Return the recording with the API key masked, and without headers that carry credentials."""
        secret = self.settings.secret
        return evolve(self, exchanges=tuple(_without_key(each, secret) for each in self.exchanges))


def _without_key(exchange: Exchange, secret: Secret) -> Exchange:
    """Return an exchange without headers that carry credentials, and with the API key masked elsewhere.

    The body keeps its exact bytes unless the server sent the key back.
    """
    return evolve(
        exchange,
        url=secret.redact(exchange.url),
        headers={
            name: secret.redact(value)
            for name, value in exchange.headers.items()
            if name.lower() not in CREDENTIAL_HEADERS
        },
        body=_masked(exchange.body, secret),
        failure=secret.redact(exchange.failure),
    )


def _masked(body: bytes, secret: Secret) -> bytes:
    try:
        text, encoding = body.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = body.decode("latin-1"), "latin-1"
    safe = secret.redact(text)
    return body if safe == text else safe.encode(encoding)
