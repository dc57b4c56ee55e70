"""`clear_traceback_locals` removes the variables from an error and from its causes."""

import traceback

import pytest
from bluejay_results import BluejayError
from bluejay_results._secrets import clear_traceback_locals


def _variables(error: BaseException | None) -> list[str]:
    """The names of the variables in an error's traceback, except in the frame that caught the error."""
    assert error
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return [name for frame in frames[1:] for name in frame.f_locals]


def _fail(error: BaseException) -> None:
    held = "the key"
    raise error if held else AssertionError


def _fail_while_handling(handled: BaseException, error: BaseException) -> None:
    try:
        _fail(handled)
    except ValueError:
        _fail(error)


@pytest.mark.parametrize("kind", [KeyError, KeyboardInterrupt])
def test_an_error_and_its_context_lose_their_variables_but_not_the_error_that_the_caller_is_handling(
    kind: type[BaseException],
) -> None:
    outer, handled, error = ValueError(), ValueError(), kind()
    handled.__cause__, error.__cause__ = error, handled  # errors can cause each other
    try:
        _fail(outer)
    except ValueError:
        with pytest.raises(kind), clear_traceback_locals():
            _fail_while_handling(handled, error)
        assert "held" in _variables(outer)
    assert [*_variables(error), *_variables(error.__context__)] == []


def test_an_error_from_another_library_has_a_note_about_where_it_was_raised() -> None:
    error = KeyError()
    with pytest.raises(KeyError), clear_traceback_locals():
        _fail(error)
    assert "in _fail\n    raise error if held" in error.__notes__[0]


def test_the_context_of_our_error_is_the_error_that_the_caller_is_handling() -> None:
    def report() -> None:
        with clear_traceback_locals():
            try:
                _fail(ValueError())
            except ValueError:
                raise ours from None

    outer, ours = ValueError(), BluejayError("no")
    try:
        _fail(outer)
    except ValueError:
        with pytest.raises(BluejayError):
            report()
    assert ours.__context__ is outer
