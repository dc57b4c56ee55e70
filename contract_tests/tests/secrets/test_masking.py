"""A key is masked in every spelling, and so are credentials in URLs. Everything else is kept."""

import copy
import inspect
import json
import operator
import pickle
from collections.abc import Callable
from itertools import product

from bluejay_results._secrets import MASK, Secret, as_secret, without_signatures
from contract_kit.tests.tables import table
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from .canary import KEY, SIGNED_URL, leaks
from .spellings import SPELLINGS, in_json

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=20)
"""Keys that the client accepts and that are too long to be part of other text by chance."""
OTHER = r'"C:\\new\/\u00e9 \"é\" %2F", "n": [1, 2.50, 1e3, null, true]'


@table("spelling", SPELLINGS)
def test_a_key_is_masked_in_every_spelling(spelling: str) -> None:
    spelled = SPELLINGS[spelling]
    assert Secret(KEY).redact(f"({spelled})") == f"({MASK})"
    assert Secret(KEY).is_in(f"({spelled})")
    assert Secret(KEY).mask(f'{{"a": "({spelled})"}}'.encode()) == f'{{"a": "({MASK})"}}'.encode()


USUAL = "skliveZq9W7xKp2mRt5vYb3n"
"""A key of letters and digits, which percent-encoding doesn't change."""


@table(
    "spelled",
    [
        f"%73{USUAL[1:]}",
        "".join(f"%{ord(each):02X}" for each in USUAL),
        "".join(f"\\u0025{ord(each):02x}" for each in USUAL),
        "".join(f"\\u005cu{ord(each):04x}" for each in USUAL),
        "".join(f"\\\\\\u0075{ord(each):04x}" for each in USUAL),
        "".join(f"%{ord(each) >> 4:x}\\u{ord(f'{ord(each) & 15:x}'):04x}" for each in USUAL),
    ],
)
def test_a_key_is_masked_if_an_escape_is_escaped(spelled: str) -> None:
    masked = Secret(USUAL).mask(f'{{"a": "({spelled})"}}'.encode())
    assert json.loads(masked) == {"a": f"({MASK})"}


def test_a_key_that_contains_percent_encoding_is_masked() -> None:
    assert Secret("0%300000").mask(rb'{"a": "0%30000\u0030"}') == f'{{"a": "{MASK}"}}'.encode()


@given(st.data(), KEYS, st.integers(0, 2))
def test_a_key_is_masked_in_any_mixture_of_escapes(data: st.DataObject, key: str, depth: int) -> None:
    """`depth` is how many times the JSON is nested as a string in other JSON."""
    spelled = data.draw(in_json(key))
    assert json.loads(f'"{spelled}"') == key
    for _ in range(depth):
        spelled = json.dumps(spelled)[1:-1]
    body = f'{{"a": "- {spelled} -", "b": {OTHER}, "- {spelled} -" : 1}}'.encode()
    masked = Secret(key).mask(body)
    assert masked == f'{{"a": "- {MASK} -", "b": {OTHER}, "- {MASK} -" : 1}}'.encode()


@given(st.data())
def test_a_document_stays_json_whatever_the_key(data: st.DataObject) -> None:
    """The key is part of the document, as if by coincidence."""
    document = f'{{ "a" : {OTHER}, "\\n\\\\x":[{{"y\\"":"\\\\"}}, -0.5]}}'
    start = data.draw(st.integers(0, len(document) - 1))
    key = document[start : start + data.draw(st.integers(1, 20))]
    json.loads(document)
    json.loads(Secret(key).mask(document.encode()))


@table(
    "body",
    [
        b"",
        b"{",
        f'{{"a": {OTHER}}}'.encode(),
        b"\xff\xfe",
        b"[" * 100_000,
        KEY[:-1].encode(),
        KEY[1:].encode(),
    ],
)
def test_a_body_without_the_key_is_returned_unchanged(body: bytes) -> None:
    assert Secret(KEY).mask(body) is body


@table("before, spelling", product([b'{"a": "', b"<p>", b"\xff", b"\xef\xbb\xbf", b"[" * 100_000], SPELLINGS))
def test_a_key_is_masked_in_a_body_that_is_not_json(before: bytes, spelling: str) -> None:
    assert Secret(KEY).mask(b"%b %b!" % (before, SPELLINGS[spelling].encode())) == b"%b %b!" % (
        before,
        MASK.encode(),
    )


@table(
    "key, body, masked",
    [
        # A number that contains the key is kept: no other number would be right, and a string would be wrong.
        ("12345678", b'{"id": 123456789, "b": "x123456789"}', b'{"id": 123456789, "b": "x<redacted>9"}'),
        ("2.50", b'[2.50, "2.50"]', b'[2.50, "<redacted>"]'),
        # A short key is masked only as an entire word, and not as a member name.
        (
            "id",
            b'{"id": "an id, ids, \\nid", "ids" : 1}',
            b'{"id": "an <redacted>, ids, \\n<redacted>", "ids" : 1}',
        ),
        ("true", b'{"true":true,"a":"true"}', b'{"true":true,"a":"<redacted>"}'),
        ("a+b", rb'["a\u002Bb", "xa+b"]', b'["<redacted>", "xa+b"]'),
        # Only the string with the key is rewritten: its other escapes are spelled in the usual way.
        (
            "abcdefgh",
            rb'["\/\u00e9", "\/\u00e9\ud800 abcdefgh"]',
            rb'["\/\u00e9", "/\u00e9\ud800 <redacted>"]',
        ),
        ("abcdefgh", '["é abcdefgh", "é"]'.encode(), '["\\u00e9 <redacted>", "é"]'.encode()),
        # The key begins or ends like an escape.
        ("nabcdefgh", rb'["\nabcdefgh", "\\nabcdefgh"]', rb'["\nabcdefgh", "<redacted>"]'),
        ("u0041bcdefgh", rb'["\u0041bcdefgh"]', rb'["\u0041bcdefgh"]'),
        ("abcdefg\\", rb'["abcdefg\"", "abcdefg\\"]', rb'["abcdefg\"", "<redacted>"]'),
    ],
)
def test_only_strings_in_a_json_document_are_masked(key: str, body: bytes, masked: bytes) -> None:
    assert Secret(key).mask(body) == masked


@table("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_body_keeps_its_encoding_when_the_key_is_masked(encoding: str) -> None:
    """A zero byte elsewhere is kept too: without it, an invalid body could become valid."""
    body, masked = (json.dumps({"detail": each}).encode(encoding) for each in (KEY, MASK))
    assert json.loads(Secret(KEY).mask(body)) == json.loads(masked)
    for each in (masked, b'{"id": "4\0"}', b'\0"\xff\xd8'):
        assert Secret(KEY).mask(each) == each
        assert Secret(KEY + "\\").mask(each) == each


def test_a_key_is_masked_in_a_body_that_only_looks_like_utf_16() -> None:
    assert Secret(KEY).mask(f"\0 {KEY}".encode()) == f"\0 {MASK}".encode()


WAYS: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "format": lambda secret: f"{secret}",
    "rich": lambda secret: pretty_repr([secret], max_string=80),
    "its members": lambda secret: str(inspect.getmembers(secret)),
    "vars": lambda secret: str(vars(secret)),
    "JSON": json.dumps,
    "pickle": lambda secret: str(pickle.dumps(secret)),
    "a deep copy": lambda secret: str(copy.deepcopy(secret)),
    "a piece": lambda secret: str(operator.getitem(secret, slice(40))),  # type: ignore[call-overload]  # not a str
    "str's own method": lambda secret: str.__str__(secret),
    "a secret made of the secret": lambda secret: str(as_secret(Secret(secret))),
}


@table("way", WAYS)
def test_no_way_of_printing_a_secret_shows_it(way: str) -> None:
    try:
        shown = WAYS[way](Secret(KEY))
    except (TypeError, AttributeError) as error:
        shown = str(error)
    assert leaks(shown) == []


def test_reveal_returns_a_secret_unchanged() -> None:
    assert Secret(Secret(KEY)).reveal() == KEY


@table(
    "url, shown",
    [
        (SIGNED_URL, f"https://files.example.com/482130001.json?{MASK}"),
        ("[https://a.example/x?limit=100&offset=0]", "[https://a.example/x?limit=100&offset=0]"),
        ("https://a.example/x?limit=1&offset=0&key=a", f"https://a.example/x?{MASK}"),
        ("https://a.example/x#token=1", f"https://a.example/x?{MASK}"),
        ("http://user:password@a.example/x", f"http://{MASK}@a.example/x"),
        (json.dumps({"url": "https://a.example?x=1"}), f'{{"url": "https://a.example?{MASK}"}}'),
        ("Is https://a.example/x up?", "Is https://a.example/x up?"),
    ],
)
def test_a_url_keeps_its_host_and_path_and_loses_its_credentials(url: str, shown: str) -> None:
    assert without_signatures(url) == shown


@table(
    "key, text, shown",
    [
        ("canary-4f1d", "a canary-4f1d, canary-4f1d", "a <redacted>, <redacted>"),
        ("", "some words", "some words"),
        # The client refuses such a key. Masking must work for it too, because the error quotes the key.
        ("caf\udce9", "(caf\udce9)", "(<redacted>)"),
        ("\ud800", "(\ud800)", "(<redacted>)"),
        # A key with fewer than 8 characters is masked only as an entire word.
        ("a", "a canary at bay", "<redacted> canary at bay"),
        ("a", 'The key "a" is wrong, a.', 'The key "<redacted>" is wrong, <redacted>.'),
        ("a", "key=a&b", "key=<redacted>&b"),
        ("a", "run-a a_b", "run-a a_b"),
        ("abcdefg", "abcdefg, xabcdefg, abcdefgx", "<redacted>, xabcdefg, abcdefgx"),
        ("abcdefgh", "xabcdefghx", "x<redacted>x"),
    ],
)
def test_a_key_is_masked_and_other_words_are_kept(key: str, text: str, shown: str) -> None:
    assert Secret(key).redact(text) == shown
