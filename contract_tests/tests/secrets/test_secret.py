"""Masking of the key and of credentials in URLs."""

import copy
import inspect
import json
import operator
import pickle
from collections.abc import Callable

import pytest
from bluejay_results._secrets import MASK, Secret, as_secret, without_signatures
from rich.pretty import pretty_repr

from .canary import KEY, SIGNED_URL, leaks

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


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_printing_a_secret_shows_it(way: str) -> None:
    try:
        shown = WAYS[way](Secret(KEY))
    except (TypeError, AttributeError) as error:
        shown = str(error)
    assert leaks(shown) == []


def test_reveal_returns_a_secret_unchanged() -> None:
    assert Secret(Secret(KEY)).reveal() == KEY


@pytest.mark.parametrize(
    ("url", "shown"),
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


@pytest.mark.parametrize(
    ("key", "text", "shown"),
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
