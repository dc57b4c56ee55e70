"""A secret is used and never shown."""

import base64
import contextlib
import html
import json
import pickle
from collections.abc import Callable
from types import TracebackType
from urllib.parse import quote

import pytest
from bluejay_results import BluejayError
from bluejay_results._secret import Secret, conceal, sealed

SECRET = Secret("canary-4f1d")


@pytest.mark.parametrize("shown", [str(SECRET), repr(SECRET), f"{SECRET}", f"{SECRET!r}", "%s" % SECRET])  # noqa: UP031 - one more way
def test_every_way_of_printing_shows_the_mask(shown: str) -> None:
    assert shown == "<redacted>"


def test_a_format_is_kept_to() -> None:
    assert f"{SECRET:*>12}" == "**<redacted>"


def test_it_is_not_pickled() -> None:
    with pytest.raises(TypeError, match=r"^an API key is not pickled$"):
        pickle.dumps(SECRET)


def test_it_is_masked_wherever_it_occurs_in_a_text() -> None:
    assert SECRET.redact("a canary-4f1d, canary-4f1d") == "a <redacted>, <redacted>"


@pytest.mark.parametrize(("where", "plain"), [(slice(3), "can"), (slice(-4, None), "4f1d"), (0, "c")])
def test_a_piece_of_it_is_a_secret_too(where: slice | int, plain: str) -> None:
    piece = SECRET[where]
    assert repr(piece) == "<redacted>"
    assert str.__str__(piece) == plain


def _variables(trace: TracebackType | None) -> list[str]:
    """The names of the variables in the frames of a traceback, below the one that caught it."""
    frames = []
    while trace:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return [name for frame in frames[1:] for name in frame.f_locals]


def _fail(kind: type[Exception] = ValueError) -> None:
    held = "the key"
    raise kind(len(held))


def _fail_twice() -> None:
    try:
        _fail()
    except ValueError:
        _fail(KeyError)


def _fail_because() -> None:
    try:
        _fail()
    except ValueError as error:
        raise KeyError from error


def test_an_error_keeps_its_variables_outside_of_a_seal() -> None:
    with pytest.raises(ValueError, match="7") as caught:
        _fail()
    assert "held" in _variables(caught.value.__traceback__)


def test_the_variables_of_an_error_are_emptied_by_a_seal() -> None:
    with pytest.raises(ValueError, match="7") as caught, sealed():
        _fail()
    assert _variables(caught.value.__traceback__) == []


@pytest.mark.parametrize("fail", [_fail_twice, _fail_because])
def test_so_are_those_of_the_error_before_it(fail: Callable[[], None]) -> None:
    with pytest.raises(KeyError) as caught, sealed():
        fail()
    assert caught.value.__context__
    assert _variables(caught.value.__context__.__traceback__) == []


def _fail_within(kind: type[Exception]) -> None:
    """Fail, and while that is handled fail once more within a seal."""
    try:
        _fail(kind)
    except kind:
        with contextlib.suppress(KeyError), sealed():
            _fail(KeyError)
        raise


def test_the_variables_of_an_error_that_was_there_before_are_not_ours_to_empty() -> None:
    with pytest.raises(ValueError, match="7") as before:
        _fail_within(ValueError)
    assert "held" in _variables(before.value.__traceback__)


def test_errors_that_go_in_circles_end_a_seal_all_the_same() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    with pytest.raises(ValueError, match="a"), sealed():
        raise first


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
    assert Secret("abW").redact(encode(b"abW").decode()) == "<redacted>"


@pytest.mark.parametrize("length", range(4, len("canary-4f1d")))
def test_a_key_that_is_cut_short_is_masked_as_well(length: int) -> None:
    assert SECRET.redact(f"got {'canary-4f1d'[:length]}… and more") == "got <redacted>… and more"


@pytest.mark.parametrize("text", ["can…", "canary", "canary-4 …", ""])
def test_what_may_be_any_word_is_left(text: str) -> None:
    assert SECRET.redact(text) == text


def test_without_a_key_nothing_is_masked() -> None:
    assert Secret().redact("some words") == "some words"


@pytest.mark.parametrize(
    ("value", "concealed"), [("k", Secret("k")), (None, None), (7, Secret()), (b"k", Secret())]
)
def test_only_a_string_is_a_key(value: object, concealed: Secret | None) -> None:
    assert conceal(value) == concealed


def test_an_error_of_ours_comes_with_what_was_being_handled_outside_of_the_seal_and_nothing_else() -> None:
    outer = ValueError()
    with pytest.raises(BluejayError) as caught:
        _reported_while_handling(outer)
    assert caught.value.__context__ is outer


def _reported_while_handling(outer: Exception) -> None:
    try:
        raise outer
    except ValueError:
        with sealed():
            try:
                _fail()
            except ValueError:
                raise BluejayError("no") from None
