"""Schemes that services use to sign webhook deliveries."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import importlib
import sys
from base64 import b64decode, b64encode
from functools import partial

from contract_kit.errors import KitError
from contract_kit.read.document import nearest

from .receivers import Sign

_HMAC = "hmac-sha256:"
_PREFIX = b"whsec_"


def scheme(name: str, secret: bytes) -> tuple[Sign, bytes]:
    """Return the scheme with this name, and the key that the secret encodes.

    Raises:
        KitError: There is no such scheme, or the secret isn't valid for the scheme.
    """
    if name == "standard-webhooks":
        try:
            return _standard, b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            raise KitError(
                "The secret isn't valid for standard-webhooks, which needs whsec_ followed by base64."
            ) from None
    if name in _SCHEMES:
        return _SCHEMES[name], secret
    kind, _, header = name.partition(":")
    if f"{kind}:" == _HMAC and header:
        return partial(_in_header, header), secret
    if header:
        return _function(kind, header), secret
    known = [*_SCHEMES, "standard-webhooks", f"{_HMAC}HEADER", "MODULE:FUNCTION"]
    near = nearest(name, known)
    raise KitError(f"--sign {name}: there is no such scheme.{near} The schemes are {', '.join(known)}.")


def _function(module: str, name: str) -> Sign:
    sys.path.insert(0, "")
    try:
        found = getattr(importlib.import_module(module), name)
    except Exception as error:  # importing a module can raise anything
        raise KitError(f"--sign {module}:{name} can't be imported ({error}).") from None
    finally:
        sys.path.remove("")

    def sign(*arguments: object) -> dict[str, str]:
        try:
            headers = found(*arguments)
            return {str.lower(key): str(value) for key, value in headers.items()}
        except Exception as error:  # whose message might contain the secret
            raise KitError(f"--sign {module}:{name} failed: {type(error).__name__}.") from None

    return sign


def _digest(key: bytes, text: bytes) -> str:
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _in_header(header: str, _name: str, _now: int, body: bytes, key: bytes) -> dict[str, str]:
    return {header: _digest(key, body)}


def _github(name: str, _now: int, body: bytes, key: bytes) -> dict[str, str]:
    return {"X-GitHub-Delivery": name, "X-Hub-Signature-256": f"sha256={_digest(key, body)}"}


def _stripe(_name: str, now: int, body: bytes, key: bytes) -> dict[str, str]:
    return {"Stripe-Signature": f"t={now},v1={_digest(key, b'%d.%b' % (now, body))}"}


def _slack(_name: str, now: int, body: bytes, key: bytes) -> dict[str, str]:
    signed = _digest(key, b"v0:%d:%b" % (now, body))
    return {"X-Slack-Request-Timestamp": f"{now}", "X-Slack-Signature": f"v0={signed}"}


def _standard(name: str, now: int, body: bytes, key: bytes) -> dict[str, str]:
    text = b"%b.%d.%b" % (name.encode(), now, body)
    signed = b64encode(hmac.digest(key, text, "sha256")).decode()
    return {"webhook-id": name, "webhook-timestamp": f"{now}", "webhook-signature": f"v1,{signed}"}


_SCHEMES: dict[str, Sign] = {"github": _github, "stripe": _stripe, "slack": _slack}
