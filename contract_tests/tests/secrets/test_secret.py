"""Masking of the key and of credentials in URLs."""

import base64
import copy
import html
import inspect
import io
import json
import operator
import pickle
import pprint
import reprlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
import rich
from bluejay_results._key_search import MASK
from bluejay_results._secrets import Secret, as_secret, without_signatures
from rich.console import Console
from rich.pretty import pretty_repr

from .canary import KEY, SIGNED_URL, leaks
from .test_canary import PLANTED


def _inspected(secret: Secret) -> str:
    console = Console(file=io.StringIO(), width=300)
    with console.capture() as captured:
        rich.inspect(secret, console=console, all=True)
    return captured.get()


WAYS: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda secret: f"{secret}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - one of the ways
    "pprint": lambda secret: pprint.pformat({"key": secret}, width=20),
    "reprlib": reprlib.repr,
    "rich": lambda secret: pretty_repr([secret], max_string=80),
    "format with a width": lambda secret: f"{secret:>200}",
    "JSON": json.dumps,
    "vars": lambda secret: str(vars(secret)),
    "its members": lambda secret: str(inspect.getmembers(secret)),
    "rich's inspection": _inspected,
    "pickle": lambda secret: str(pickle.dumps(secret)),
    "a copy": lambda secret: str(copy.copy(secret)),
    "a deep copy": lambda secret: str(copy.deepcopy(secret)),
    "a piece": lambda secret: str(operator.getitem(secret, slice(40))),  # type: ignore[call-overload]  # not a str
    "joined": lambda secret: "".join(secret),  # type: ignore[arg-type]  # not a str
    "a string method": lambda secret: secret.lower(),  # type: ignore[attr-defined]  # not a str
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


def test_a_secret_is_revealed_unchanged() -> None:
    assert Secret(Secret(KEY)).reveal() == KEY


def test_a_key_shortened_to_any_length_is_masked() -> None:
    cut = [Secret(KEY).redact(f"got {KEY[:length]}…") for length in range(4, len(KEY))]
    assert set(cut) == {f"got {MASK}…"}


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


ODD = 'a~"?>&/\\é'
FORMS = {
    "as it is": ODD,
    "in capitals": ODD.upper(),
    "in JSON": json.dumps(ODD)[1:-1],
    "in Python": repr(ODD)[1:-1],
    "in HTML": html.escape(ODD),
    "in a path": quote(ODD),
    "in a query": quote(ODD, safe=""),
    "in base64": base64.b64encode(ODD.encode()).decode().rstrip("="),
    "in base64 for URLs": base64.urlsafe_b64encode(ODD.encode()).decode().rstrip("="),
    "broken over lines": "a ~\n" + ODD[2:],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_masked_in_every_encoding_that_a_server_may_use(form: str) -> None:
    assert Secret(ODD).redact(f"({FORMS[form]})") == f"({MASK})"


@pytest.mark.parametrize("output", PLANTED.values(), ids=PLANTED)
def test_a_key_is_masked_in_every_encoding_that_the_leak_check_finds(output: str) -> None:
    assert leaks(Secret(KEY).redact(f"before {output} after")) == []


@pytest.mark.parametrize("start", [0, 9, 60])
def test_eight_characters_of_a_key_are_masked_and_seven_are_left(start: int) -> None:
    letters = "".join(each for each in KEY if each.isalnum())
    piece = letters[start : start + 8]
    assert Secret(KEY).redact(f"({piece})") == f"({MASK})"
    assert Secret(KEY).redact(f"({piece[:7]})") == f"({piece[:7]})"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize(("key", "padding"), [("~~~???>>>.", "=="), ("~~~~~W", "")])
def test_a_key_in_base64_is_masked_to_its_last_character(
    encode: Callable[[bytes], bytes], key: str, padding: str
) -> None:
    encoded = encode(key.encode()).decode()
    assert Secret(key).redact(encoded) == MASK + padding
    assert Secret(key).redact(f"{encoded.rstrip('=')} at last") == f"{MASK} at last"


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("canary-4f1d", "a canary-4f1d, canary-4f1d", "a <redacted>, <redacted>"),
        ("canary-4f1d", "can…", "can…"),
        ("canary-4f1d", "canary-4 …", "canary-4 …"),
        ("", "some words", "some words"),
        # Such a key is refused, but the code that refuses and quotes it must not fail.
        ("caf\udce9", "(caf\udce9)", "(<redacted>)"),
        ("\ud800", "(\ud800)", "(<redacted>)"),
        # A key of fewer than 8 characters may be a part of any word.
        ("a", "a canary at bay", "<redacted> canary at bay"),
        ("a", 'The key "a" is wrong, a.', 'The key "<redacted>" is wrong, <redacted>.'),
        ("a", "key=a&b", "key=<redacted>&b"),
        ("a", "run-a a_b", "run-a a_b"),
        ("abcdefg", "abcdefg, xabcdefg, abcdefgx", "<redacted>, xabcdefg, abcdefgx"),
        ("abcdefg", "abcd… xabcd…", "<redacted>… xabcd…"),
        ("abcdefgh", "xabcdefghx xabcd…", "x<redacted>x x<redacted>…"),
    ],
)
def test_a_key_is_masked_and_other_words_are_kept(key: str, text: str, shown: str) -> None:
    assert Secret(key).redact(text) == shown
