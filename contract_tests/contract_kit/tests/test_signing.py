"""Delivery signatures: each scheme, and each delivery with a wrong signature."""

from email.message import Message
from functools import partial
from pathlib import Path

import pytest

from contract_kit.errors import KitError
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome
from contract_kit.serve.signing import scheme

from .receivers import SCHEMES, SECRET, WITH_TIME, delivered, is_signed, strict

SIGNATURES = {
    "github": "X-Hub-Signature-256",
    "stripe": "Stripe-Signature",
    "slack": "X-Slack-Signature",
    "standard-webhooks": "webhook-signature",
    "hmac-sha256:X-Signature": "X-Signature",
}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_receiver_that_verifies_and_validates_has_no_must_faults(name: str) -> None:
    results = delivered(partial(strict, name), name)
    assert (results.failures, results.controls) == ([], ())
    assert results.counts[Verdict.REFUSED] == 3


@pytest.mark.parametrize("name", SCHEMES)
def test_a_receiver_that_does_not_verify_signatures_has_a_fault_for_each_wrong_signature(name: str) -> None:
    failed = {each.mutant.name for each in delivered(lambda *_: 204, name).failures}
    assert failed == {"signature-none", "signature-wrong", "signature-of-another-body"}


@pytest.mark.parametrize("name", SCHEMES)
def test_an_old_delivery_is_sent_only_if_the_scheme_has_a_timestamp(name: str) -> None:
    results = delivered(partial(strict, name), name)
    found = {each.outcome for each in results.all if each.mutant.name == "signature-old"}
    assert found == ({Outcome.REFUSED} if name in WITH_TIME else set())


def test_no_wrong_signature_is_sent_without_a_scheme() -> None:
    found = {each.mutant.name for each in delivered(lambda *_: 204).all}
    assert not any(each.startswith("signature") for each in found)


@pytest.mark.parametrize("name", SCHEMES)
def test_exactly_one_delivery_per_webhook_has_no_signature(name: str) -> None:
    missing = []

    def note(headers: Message, _: bytes) -> int:
        missing.append(SIGNATURES[name] not in headers)
        return 204

    delivered(note, name)
    assert sum(missing) == 1


@pytest.mark.parametrize("name", SCHEMES)
def test_each_delivery_is_signed_correctly_unless_its_signature_is_deliberately_wrong(name: str) -> None:
    unsigned = []

    def note(headers: Message, body: bytes) -> int:
        unsigned.append(not is_signed(name, headers, body))
        return 204

    delivered(note, name)
    assert sum(unsigned) == 3 + (name in WITH_TIME)


@pytest.mark.parametrize(
    ("name", "secret", "given", "expected"),
    [
        (
            "github",
            "It's a Secret to Everybody",
            ("", 0, b"Hello, World!"),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        (
            "slack",
            "8f742231b10e8888abcd99yyyzzz85a5",
            (
                "",
                1531420618,
                b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
                b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            ),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ),
        (
            "standard-webhooks",
            SECRET,
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ],
)
def test_a_signature_matches_the_example_that_the_service_publishes(
    name: str, secret: str, given: tuple[str, int, bytes], expected: str
) -> None:
    sign, key = scheme(name, secret.encode())
    assert expected in sign(*given, key).values()


def test_a_user_supplied_function_can_sign_deliveries(folder: Path) -> None:
    (folder / "signer.py").write_text("sign = lambda *given: {'X-Signed': '%s %d %s %s' % given}")
    sign, key = scheme("signer:sign", b"key")
    assert sign("id", 7, b"body", key) == {"x-signed": "id 7 b'body' b'key'"}


@pytest.mark.parametrize("body", ["int(secret)", "{}[secret]", "None", "{1: 'one'}"])
def test_a_signing_functions_error_message_contains_no_secret(folder: Path, body: str) -> None:
    name = f"signer_{body.encode().hex()}"
    (folder / f"{name}.py").write_text(f"def sign(id, time, body, secret): return {body}")
    sign, key = scheme(f"{name}:sign", b"s3cret!")
    with pytest.raises(KitError, match=name) as caught:
        sign("id", 7, b"body", key)
    assert "s3cret!" not in f"{caught.value}"
