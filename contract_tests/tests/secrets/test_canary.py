"""The search for leaks finds a secret in any encoding."""

import base64
import html
import textwrap

from contract_kit.tests.tables import table

from .canary import KEY, SIGNATURE, SIGNED_URL, leaks

PLANTED = {
    "eight letters of it": f"got {KEY[40:48]}…",
    "in bytes": repr(KEY.encode()),
    "in HTML": html.escape(KEY),
    "percent-encoded to the last letter": "".join(f"%{each:02X}" for each in KEY.encode()),
    "in a box": "│\n│ ".join(textwrap.wrap(KEY, 7)),
    "in colour": f"\x1b[1m{KEY[:45]}\x1b[31m{KEY[45:]}\x1b[0m",
    "in hexadecimal": KEY.encode().hex(),
    "with a user in base64": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "in base64 on several lines": "\n".join(textwrap.wrap(base64.b64encode(KEY.encode()).decode(), 20)),
}


@table("form", PLANTED)
def test_the_search_for_leaks_finds_a_planted_key(form: str) -> None:
    output = PLANTED[form]
    assert [form for form in leaks(f"before {output} after") if form.startswith("the key")]


@table("output", [SIGNED_URL, SIGNATURE[5:15]])
def test_the_search_for_leaks_finds_a_planted_signature(output: str) -> None:
    assert leaks(output) == ["the signature"]
