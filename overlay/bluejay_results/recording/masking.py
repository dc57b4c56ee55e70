"""Removes credentials from an exchange before it is saved."""

from __future__ import annotations

from attrs import evolve

from .._secrets import Secret
from .exchange import Exchange

CREDENTIAL_HEADERS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "set-cookie2", "x-api-key"}
)
"""Headers that are never saved."""


def without_key(exchange: Exchange, secret: Secret) -> Exchange:
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
