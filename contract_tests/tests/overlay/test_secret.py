"""A secret is used and never shown."""

import contextlib
import pickle
from collections.abc import Callable
from types import TracebackType

import pytest
from bluejay_results._secret import Secret, sealed

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


@pytest.mark.parametrize(("piece", "plain"), [(SECRET[:3], "can"), (SECRET[-4:], "4f1d"), (SECRET[0], "c")])
def test_a_piece_of_it_is_a_secret_too(piece: Secret, plain: str) -> None:
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
