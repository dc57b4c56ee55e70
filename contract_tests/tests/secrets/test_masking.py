"""A key is masked in every spelling, and so are credentials in URLs. Everything else is kept."""

import copy
import inspect
import json
import operator
import pickle
from ast import literal_eval
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from bluejay_results._secrets import MASK, Secret, as_secret, without_signatures
from contract_kit.tests.tables import table
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from .canary import KEY, leaks
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


FUNCTIONS: dict[str, Callable[[str, Any], Any]] = {
    "url": lambda _, text: without_signatures(text),
    "text": lambda key, text: Secret(key).redact(text),
    "body": lambda key, body: Secret(key).mask(body),
}
ROWS = [
    literal_eval(line)
    for line in Path(__file__).with_name("masking.txt").read_text().splitlines()
    if not line.startswith("#")
]


@table("function, key, given, returned", ROWS)
def test_exactly_what_might_be_secret_is_masked(function: str, key: str, given: Any, returned: Any) -> None:
    assert FUNCTIONS[function](key, given) == returned


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


@table("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_body_keeps_its_encoding_when_the_key_is_masked(encoding: str) -> None:
    """A zero byte elsewhere is kept too: without it, an invalid body could become valid."""
    body, masked = (json.dumps({"detail": each}).encode(encoding) for each in (KEY, MASK))
    assert json.loads(Secret(KEY).mask(body)) == json.loads(masked)
    for each in (masked, b'{"id": "4\0"}', b'\0"\xff\xd8'):
        assert Secret(KEY).mask(each) == each
        assert Secret(KEY + "\\").mask(each) == each


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
