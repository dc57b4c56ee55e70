"""Verifies the signature of a delivery."""

from __future__ import annotations

import hashlib
import hmac
import re

from .._secrets import Secret, as_secret
from ..errors import ConfigurationError, WebhookError

SIGNATURE_HEADER = "X-Bluejay-Signature"
MAX_DELIVERY_BYTES = 1_000_000
"""The maximum size of the body of a delivery."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def verify(body: bytes, signature: str | None, secret: str | Secret) -> None:
    """Raise an error unless the signature of a delivery is right. The body is not parsed.

    The service does not sign a time. Someone who has recorded a delivery can send the delivery again.

    Args:
        body: The raw body, exactly as received.
        signature: The value of the header X-Bluejay-Signature; None if the header is missing.
        secret: The signing secret of the webhook.

    Raises:
        ConfigurationError: The secret is empty, or the body is not bytes.
        WebhookError: The delivery is too large, or its signature is missing, malformed or wrong.
    """
    key, secret = as_secret(secret) or Secret(), ""  # so that no inner frame contains the plain secret
    _check_secret(key)
    if not isinstance(body, bytes):
        raise ConfigurationError(
            f"body must be the raw bytes of the request, got {type(body).__name__}. "
            "A body that was parsed and written again has other bytes, so its signature is wrong."
        )
    if len(body) > MAX_DELIVERY_BYTES:
        raise WebhookError(
            f"The body of the delivery has {len(body):,} bytes, the maximum is {MAX_DELIVERY_BYTES:,}."
        )
    if not signature:
        raise WebhookError(
            f"The delivery has no header {SIGNATURE_HEADER}. Either Bluejay did not send the delivery, "
            "or a proxy removed the header."
        )
    if not _DIGEST.fullmatch(signature):
        raise WebhookError(
            f"{SIGNATURE_HEADER} must be 64 hexadecimal digits in lower case, {_found(signature)}."
        )
    if not hmac.compare_digest(_digest(body, key), signature):
        raise WebhookError(
            "The signature doesn't match this body and this signing secret. "
            "Check the secret, and pass the raw body, unchanged."
        )


def _check_secret(key: Secret) -> None:
    if not key:
        raise ConfigurationError("No signing secret. Pass the signing secret of the webhook, a string.")
    if key.reveal() != key.reveal().strip():
        raise ConfigurationError("The signing secret has white space around it. Remove the white space.")


def _digest(body: bytes, key: Secret) -> str:
    return hmac.new(key.reveal().encode(errors="surrogatepass"), body, hashlib.sha256).hexdigest()


def _found(signature: str) -> str:
    """Return what is wrong with a signature, without quoting it: the secret may be passed by mistake."""
    if signature.lower().startswith("sha256="):
        return "without sha256= in front"
    if _DIGEST.fullmatch(signature.lower()):
        return "got digits in upper case"
    return f"got {len(signature):,} characters in another form"
