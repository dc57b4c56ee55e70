"""What masks the key and what makes a URL a credential."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
import reprlib
import textwrap
from collections.abc import Callable

import pytest
from bluejay_results._secret import MASK, Secret, conceal, sealed, without_signatures
from bluejay_results.errors import BluejayError
from rich.pretty import pretty_repr

from .canary import KEY, SIGNED_URL, leaks
from .test_canary import PLANTED

WAYS: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda secret: f"{secret:>200}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - one of the ways
    "pprint": lambda secret: pprint.pformat({"key": secret}, width=20),
    "reprlib": reprlib.repr,
    "rich": lambda secret: pretty_repr([secret], max_string=80),
    "a piece": lambda secret: repr(secret[:40]),
    "a secret of it": lambda secret: str(Secret(secret)),
    "a copy": lambda secret: str(conceal(secret)),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_printing_a_secret_shows_it(way: str) -> None:
    assert leaks(WAYS[way](Secret(KEY))) == []


def test_a_secret_is_sent_as_it_is() -> None:
    assert Secret(Secret(KEY)).encode() == KEY.encode()


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_neither_pickled_nor_copied(duplicate: object) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        duplicate(Secret(KEY))  # type: ignore[operator]  # one of three functions


@pytest.mark.parametrize("value", [b"bytes", 7, ["key"]])
def test_what_is_no_string_is_no_key(value: object) -> None:
    assert conceal(value) == ""


# The others are none that a service sends back: redaction need not know them, the search does.
@pytest.mark.parametrize(
    "form", ["as it is", "in bytes", "in JSON", "in HTML", "percent-encoded", "on several lines"]
)
def test_a_secret_is_masked_in_what_a_service_says(form: str) -> None:
    text = Secret(KEY).redact(f"before {PLANTED[form]} after")
    assert (leaks(text), text[:7], text[-6:]) == ([], "before ", " after")


@pytest.mark.parametrize("length", [4, 12, 40, len(KEY) - 1])
def test_a_secret_cut_short_is_masked(length: int) -> None:
    assert Secret(KEY).redact(f"got {KEY[:length]}…") == f"got {MASK}…"


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


def _fail(key: str, error: BaseException) -> None:
    raise error if key else AssertionError


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("x"), BluejayError("x")])
def test_a_sealed_error_has_no_variables_of_the_frames_below(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, sealed():
        _fail(KEY, error)
    frame = caught.traceback[-1].frame
    assert (frame.code.name, frame.f_locals) == ("_fail", {})


def test_a_sealed_error_keeps_the_context_of_the_caller() -> None:
    outer = KeyError("the caller's")
    with pytest.raises(BluejayError) as caught:
        _call_while_handling(outer)
    assert caught.value.__context__ is outer


def _call_while_handling(outer: Exception) -> None:
    try:
        raise outer
    except KeyError:
        with sealed():
            _fail_after_another()


def _fail_after_another() -> None:
    try:
        _fail(KEY, OSError("the library's"))
    except OSError:
        raise BluejayError("x")  # noqa: B904 - the context is what is tested
