"""`clear_traceback_locals` removes the variables from an error and from its causes."""

import contextlib
import traceback

import pytest
from bluejay_results import BluejayError
from bluejay_results._secrets import clear_traceback_locals
from contract_kit.tests.tables import table


def _variables(error: BaseException) -> list[str]:
    """The names of the variables in an error's traceback, except in the frame that caught the error."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return [name for frame in frames[1:] for name in frame.f_locals]


def _fail(kind: type[BaseException] = ValueError) -> None:
    held = "the key"
    raise kind(len(held))


def _fail_twice(kind: type[BaseException]) -> None:
    try:
        _fail()
    except ValueError:
        _fail(kind)


@table("kind", [KeyError, KeyboardInterrupt])
def test_an_error_and_its_context_lose_their_local_variables(kind: type[BaseException]) -> None:
    with pytest.raises(kind) as caught, clear_traceback_locals():
        _fail_twice(kind)
    assert caught.value.__context__
    assert [*_variables(caught.value), *_variables(caught.value.__context__)] == []


def test_the_error_that_the_caller_is_handling_keeps_its_local_variables() -> None:
    try:
        _fail()
    except ValueError as before:
        with contextlib.suppress(KeyError), clear_traceback_locals():
            _fail(KeyError)
        variables = _variables(before)
    assert "held" in variables


def test_errors_that_cause_each_other_lose_their_local_variables() -> None:
    with pytest.raises(ValueError, match="7") as caught:
        _fail()
    first, second = KeyError(), caught.value
    first.__cause__, second.__cause__ = second, first
    with pytest.raises(KeyError), clear_traceback_locals():
        raise first
    assert _variables(second) == []


def test_an_error_from_another_library_has_a_note_about_where_it_was_raised() -> None:
    with pytest.raises(ValueError, match="7") as caught, clear_traceback_locals():
        _fail()
    assert "in _fail\n    raise kind(len(held))" in caught.value.__notes__[0]


def test_the_context_of_our_error_is_the_error_that_the_caller_is_handling() -> None:
    def report() -> None:
        try:
            raise outer
        except ValueError:
            with clear_traceback_locals():
                try:
                    _fail()
                except ValueError:
                    raise BluejayError("no") from None

    outer = ValueError()
    with pytest.raises(BluejayError) as caught:
        report()
    assert caught.value.__context__ is outer
