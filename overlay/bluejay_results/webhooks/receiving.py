"""Receives a delivery: verifies its signature, then reads its event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from .._secrets import Secret, as_secret
from ..reading.body import OnViolation
from .event import WebhookEvent, parse
from .signature import SIGNATURE_HEADER, verify

_DELIVERY_HEADER = "X-Bluejay-Delivery"


class Headers(Protocol):
    """The headers of a request: a dict, or the headers of FastAPI, Flask, Django or `http.server`."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the names and values."""


def receive(
    body: bytes, headers: Headers, secret: str | Secret, *, on_violation: OnViolation = "raise"
) -> WebhookEvent:
    """Verify a delivery and return its event. Nothing is parsed before the signature is verified.

    Args:
        body: The raw body of the request, exactly as received.
        headers: The headers of the request; their names may have any letter case.
        secret: The signing secret of the webhook.
        on_violation: As in `parse`.

    Raises:
        ConfigurationError: The secret is empty, or the body is not bytes.
        WebhookError: The delivery is too large, or its signature is missing, malformed or wrong.
        ContractViolationError: The signature is right, but the body breaks the contract.
        UnsupportedValueError: The signature is right, but this package can't represent the body.
    """
    key, secret = as_secret(secret) or Secret(), ""  # so that no inner frame contains the plain secret
    values = {name.lower(): value for name, value in headers.items()}
    verify(body, values.get(SIGNATURE_HEADER.lower()), key)
    delivery_id = values.get(_DELIVERY_HEADER.lower()) or None
    return parse(body, delivery_id=delivery_id, on_violation=on_violation)
