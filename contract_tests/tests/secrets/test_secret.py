"""What masks the key and what makes a URL a credential."""

from __future__ import annotations

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
import textwrap
from collections.abc import Callable
from urllib.parse import quote

import pytest
import rich
from bluejay_results._secrets import MASK, Secret, as_secret, without_signatures
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
    "a secret of it": lambda secret: str(as_secret(Secret(secret))),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_printing_a_secret_shows_it(way: str) -> None:
    try:
        shown = WAYS[way](Secret(KEY))
    except (TypeError, AttributeError) as error:
        shown = str(error)
    assert leaks(shown) == []


def test_a_secret_is_revealed_as_it_is() -> None:
    assert Secret(Secret(KEY)).reveal() == KEY


@pytest.mark.parametrize("value", [b"bytes", 7, ["key"]])
def test_a_key_that_is_not_a_string_is_refused(value: object) -> None:
    assert not as_secret(value)


def test_no_key_stays_none() -> None:
    assert as_secret(None) is None


# The others are none that a service sends back: redaction need not know them, the search does.
@pytest.mark.parametrize(
    "form", ["as it is", "in bytes", "in JSON", "in HTML", "percent-encoded", "on several lines"]
)
def test_a_secret_is_masked_in_what_a_service_says(form: str) -> None:
    text = Secret(KEY).redact(f"before {PLANTED[form]} after")
    assert (leaks(text), text[:7], text[-6:]) == ([], "before ", " after")


def test_a_secret_cut_short_is_masked() -> None:
    cut = [Secret(KEY).redact(f"got {KEY[:length]}…") for length in range(4, len(KEY))]
    assert set(cut) == {f"got {MASK}…"}


def test_other_text_is_left_as_it_is() -> None:
    text = textwrap.dedent(test_other_text_is_left_as_it_is.__name__) + " https://example.com/path"
    assert without_signatures(Secret(KEY).redact(text)) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (SIGNED_URL, f"https://files.example.com/482130001.json?{MASK}"),
        ("https://a.example/x#token=1", f"https://a.example/x?{MASK}"),
        ("http://user:password@a.example/x", f"http://{MASK}@a.example/x"),
        (json.dumps({"url": "https://a.example?x=1"}), f'{{"url": "https://a.example?{MASK}"}}'),
        ("Is https://a.example/x up?", "Is https://a.example/x up?"),
    ],
)
def test_a_url_keeps_its_place_and_loses_its_credentials(url: str, shown: str) -> None:
    assert without_signatures(url) == shown


SECRET = Secret("canary-4f1d")


def test_it_is_masked_wherever_it_occurs_in_a_text() -> None:
    assert SECRET.redact("a canary-4f1d, canary-4f1d") == "a <redacted>, <redacted>"


ODD = 'a~"?>&/\\é'


@pytest.mark.parametrize(
    "form",
    [
        ODD,
        ODD.upper(),
        json.dumps(ODD)[1:-1],
        repr(ODD)[1:-1],
        html.escape(ODD),
        quote(ODD),
        quote(ODD, safe=""),
        base64.b64encode(ODD.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(ODD.encode()).decode().rstrip("="),
        "a ~\n" + ODD[2:],
    ],
)
def test_it_is_masked_in_every_form_that_a_server_may_send_it_back_in(form: str) -> None:
    assert Secret(ODD).redact(f"({form})") == "(<redacted>)"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_masked_with_its_padding_and_without(encode: Callable[[bytes], bytes]) -> None:
    padded = encode(b"~~~???>>>.").decode()
    assert padded.endswith("==")
    assert Secret("~~~???>>>.").redact(f"{padded} {padded[:-2]}") == "<redacted>== <redacted>"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_masked_to_its_last_letter(encode: Callable[[bytes], bytes]) -> None:
    """An X, of which padding must not take a bite."""
    assert encode(b"~~~~~W").endswith(b"X")
    assert Secret("~~~~~W").redact(encode(b"~~~~~W").decode()) == "<redacted>"


@pytest.mark.parametrize("key", ["caf\udce9", "\ud800"])
def test_a_key_that_is_not_utf8_is_masked(key: str) -> None:
    """It is refused, but what refuses it and quotes it must not fail."""
    assert Secret(key).redact(f"({key})") == "(<redacted>)"


@pytest.mark.parametrize("text", ["can…", "canary", "canary-4 …", ""])
def test_what_may_be_any_word_is_left(text: str) -> None:
    assert SECRET.redact(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a canary at bay", "<redacted> canary at bay"),
        ('The key "a" is wrong, a.', 'The key "<redacted>" is wrong, <redacted>.'),
        ("key=a&b", "key=<redacted>&b"),
        ("run-a a_b", "run-a a_b"),
    ],
)
def test_a_short_key_is_masked_where_it_stands_alone(text: str, shown: str) -> None:
    assert Secret("a").redact(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abcdefg, xabcdefg, abcdefgx", "<redacted>, xabcdefg, abcdefgx"),
        ("abcd… xabcd…", "<redacted>… xabcd…"),
    ],
)
def test_so_is_the_longest_short_one_and_its_beginning(text: str, shown: str) -> None:
    assert Secret("abcdefg").redact(text) == shown


def test_a_key_of_eight_characters_is_masked_within_a_word() -> None:
    assert Secret("abcdefgh").redact("xabcdefghx xabcd…") == "x<redacted>x x<redacted>…"


def test_without_a_key_nothing_is_masked() -> None:
    assert Secret().redact("some words") == "some words"
