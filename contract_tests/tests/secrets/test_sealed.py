"""An error that leaves a seal leaves no variables behind, and nothing of what it came from."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import TracebackType

import pytest
from bluejay_results import BluejayError
from bluejay_results._secrets import clear_traceback_locals


def _variables(trace: TracebackType | None) -> list[str]:
    """The names of the variables in the frames of a traceback, below the one that caught it."""
    frames = []
    while trace:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return [name for frame in frames[1:] for name in frame.f_locals]


def _fail(kind: type[BaseException] = ValueError) -> None:
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
    with pytest.raises(ValueError, match="7") as caught, clear_traceback_locals():
        _fail()
    assert _variables(caught.value.__traceback__) == []


@pytest.mark.parametrize("fail", [_fail_twice, _fail_because])
def test_the_variables_of_the_error_before_it_are_emptied_too(fail: Callable[[], None]) -> None:
    with pytest.raises(KeyError) as caught, clear_traceback_locals():
        fail()
    assert caught.value.__context__
    assert _variables(caught.value.__context__.__traceback__) == []


def _fail_within(kind: type[Exception]) -> None:
    """Fail, and while that is handled fail once more within a seal."""
    try:
        _fail(kind)
    except kind:
        with contextlib.suppress(KeyError), clear_traceback_locals():
            _fail(KeyError)
        raise


def test_the_variables_of_an_error_that_was_there_before_are_not_ours_to_empty() -> None:
    with pytest.raises(ValueError, match="7") as before:
        _fail_within(ValueError)
    assert "held" in _variables(before.value.__traceback__)


def test_errors_that_go_in_circles_end_a_seal_all_the_same() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    with pytest.raises(ValueError, match="a"), clear_traceback_locals():
        raise first


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, BluejayError])
def test_a_seal_works_for_any_error(error: type[BaseException]) -> None:
    with pytest.raises(error) as caught, clear_traceback_locals():
        _fail(error)
    assert _variables(caught.value.__traceback__) == []


def test_an_error_that_is_not_ours_says_where_it_was_raised() -> None:
    with pytest.raises(ValueError, match="7") as caught, clear_traceback_locals():
        _fail()
    assert "in _fail\n    raise kind(len(held))" in caught.value.__notes__[0]


def test_an_error_of_ours_comes_with_what_was_being_handled_outside_of_the_seal_and_nothing_else() -> None:
    outer = ValueError()
    with pytest.raises(BluejayError) as caught:
        _reported_while_handling(outer)
    assert caught.value.__context__ is outer


def _reported_while_handling(outer: Exception) -> None:
    try:
        raise outer
    except ValueError:
        with clear_traceback_locals():
            try:
                _fail()
            except ValueError:
                raise BluejayError("no") from None
