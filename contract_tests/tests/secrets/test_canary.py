"""The search for leaks: it finds a secret in any encoding, and nothing in other text."""

import base64
import html
import json
import re
import textwrap
from urllib.parse import quote, quote_plus

import pytest

from .canary import KEY, SIGNATURE, SIGNED_URL, leaks

BORDERS = "│\n│ "
PLANTED = {
    "as it is": KEY,
    "a piece of it": f"got {KEY[40:60]}…",
    "in bytes": repr(KEY.encode()),
    "in JSON": json.dumps({"key": KEY}),
    "in HTML": html.escape(KEY),
    "percent-encoded": quote(KEY, safe=""),
    "in a form": quote_plus(KEY),
    "percent-encoded twice": quote(quote(KEY, safe=""), safe=""),
    "on several lines": "\n".join(textwrap.wrap(KEY, 7)),
    "in a box": BORDERS.join(textwrap.wrap(KEY, 7)),
    "in colour": f"\x1b[1m{KEY[:45]}\x1b[31m{KEY[45:]}\x1b[0m",
    "percent-encoded to the last letter": "".join(f"%{each:02X}" for each in KEY.encode()),
    "in a Basic header": f"Basic {base64.b64encode(f'me:{KEY}'.encode()).decode()}",
    "its start": KEY[:17],
    "in hexadecimal": KEY.encode().hex(),
    "with a user in base64": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "in base64 of the URL kind": base64.urlsafe_b64encode(b"k" + KEY.encode()).decode(),
    "in base64 on several lines": "\n".join(textwrap.wrap(base64.b64encode(KEY.encode()).decode(), 20)),
}


@pytest.mark.parametrize("output", PLANTED.values(), ids=PLANTED)
def test_a_planted_key_is_found(output: str) -> None:
    assert [form for form in leaks(f"before {output} after") if form.startswith("the key")]


@pytest.mark.parametrize("output", [SIGNED_URL, quote(SIGNED_URL), SIGNATURE[5:15]])
def test_a_planted_signature_is_found(output: str) -> None:
    assert leaks(output) == ["the signature"]


def test_the_digits_of_a_timestamp_are_not_mistaken_for_a_hexadecimal_key() -> None:
    digits = re.findall(r"\d{8,}", KEY.encode().hex())
    assert digits
    assert leaks(" utc ".join(digits)) == []


def test_nothing_is_found_in_text_without_a_secret() -> None:
    text = "".join(f"{number:x} Lorem ipsum https://files.example.com/{number} " for number in range(10_000))
    assert leaks(text) == []
