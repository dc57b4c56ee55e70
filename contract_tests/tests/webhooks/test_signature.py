"""Delivery signatures: which ones are accepted; errors about the others never show a secret."""

import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import Mock

import pytest
from bluejay_results import ConfigurationError, WebhookError
from bluejay_results._secrets import Secret
from bluejay_results.webhooks import receive, verify
from contract_kit.tests.tables import table

from ..secrets.canary import KEY, leaks
from ..secrets.evidence import left_by

BODY = b'{"type": "simulation_ended", "id": 1, "digital_human_id": 55, "simulation_run_id": 48213}'


def _signature(body: bytes = BODY, secret: str = KEY) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _receive(body: bytes, signature: str | None, secret: str | Secret) -> object:
    headers = {} if signature is None else {"X-Bluejay-Signature": signature}
    return receive(body, headers, secret)


def test_a_valid_signature_is_accepted() -> None:
    """The first of the three signatures is test case 2 of RFC 4231."""
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    verify(b"what do ya want for nothing?", digest, "Jefe")
    verify(BODY, _signature(), Secret(KEY))
    verify(BODY, _signature(secret="ключ"), "ключ")
    headers: Any = {"x-BLUEJAY-signature": _signature(), "Accept": ["a", "b"], "Host": b"c"}
    assert receive(BODY, headers, KEY).run_id == "48213"


REFUSED: dict[str, tuple[bytes, str | None, str]] = {
    "another secret": (BODY, _signature(secret="another"), KEY),
    "another body": (BODY + b" ", _signature(), KEY),
    "no JSON, another secret": (b"{", _signature(), KEY),
    "upper case": (BODY, _signature().upper(), KEY),
    "sha256= in front": (BODY, f"sha256={_signature()}", KEY),
    "a line break after the digest": (BODY, f"{_signature()}\n", KEY),
    "other digits": (BODY, "٣" * 64, KEY),
    "half a surrogate pair": (BODY, "\ud83d", KEY),
    "the secret in place of the signature": (BODY, KEY, KEY),
    "no header": (BODY, None, KEY),
    "an empty header": (BODY, "", KEY),
    "no secret": (BODY, _signature(secret=""), ""),
    "half a surrogate pair in the secret": (BODY, _signature(), f"{KEY}\ud83d"),
}


@table("body, signature, secret", REFUSED.values())
def test_an_invalid_delivery_raises_a_typed_error(body: bytes, signature: str | None, secret: str) -> None:
    with pytest.raises(WebhookError if secret else ConfigurationError) as caught:
        _receive(body, signature, secret)
    assert leaks(str(caught.value)) == []


def test_a_signature_is_compared_only_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = Mock(return_value=True)
    monkeypatch.setattr(hmac, "compare_digest", compared)
    verify(BODY, "0" * 64, KEY)
    compared.assert_called_once_with(_signature().encode(), b"0" * 64)


@table(
    "headers",
    [
        None,
        [(b"x-bluejay-signature", b"1")],
        {b"x-bluejay-signature": _signature().encode()},
        {b"X-Bluejay-Signature": _signature()},
        {"X-Bluejay-Signature": _signature().encode()},
        {"X-Bluejay-Signature": [_signature()]},
        {"X-Bluejay-Signature": 7},
        {"X-Bluejay-Signature": None, 7: "a"},
        {"X-Bluejay-Signature": _signature(), "X-Bluejay-Delivery": ["a"]},
        {"X-Bluejay-Signature": _signature(), "X-Bluejay-Delivery": b"a"},
        Mock(items=lambda: [("a", "b", "c")]),
        Mock(items=lambda: [None]),
    ],
)
def test_headers_that_are_not_strings_raise_a_configuration_error(headers: Any) -> None:
    with pytest.raises(ConfigurationError, match="headers must be text"):
        receive(BODY, headers, KEY)


def test_the_violations_in_a_signed_body_are_collected_on_request() -> None:
    body = BODY.replace(b'"id": 1', b'"id": "one"')
    event = receive(body, {"X-Bluejay-Signature": _signature(body)}, KEY, on_violation="collect")
    assert [each.path for each in event.violations] == ["$.id"]


CALLS: dict[str, Callable[[], object]] = {
    "accepted": lambda: _receive(BODY, _signature(), KEY),
    "verified": lambda: verify(BODY, "0" * 64, KEY),
    "broken": lambda: _receive(b"{}", _signature(b"{}"), KEY),
    **{
        name: partial(_receive, body, signature, secret)
        for name, (body, signature, secret) in REFUSED.items()
        if signature != KEY
    },
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_delivery_leaves_the_signing_secret_in_any_output(
    call: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    _, left = left_by(call, caplog)
    assert [place for place, each in left.items() if leaks(each)] == []
