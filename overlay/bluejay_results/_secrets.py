"""Keeps the API key, and the signatures of URLs, out of messages, reprs, logs and tracebacks."""

from __future__ import annotations

import functools
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from ._errors import BluejayError
from ._key_search import MASK, KeySearch

_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"<>]+@")
# A pattern that looked for the query as well would read the rest of the text again at each `://`.
_AFTER_SCHEME = re.compile(r"://[^\s\"<>]+")
_QUERY = re.compile(r"[?#].+")


class Secret:
    """An API key. Printing it in any way shows a mask: it is not a string until `reveal` is called.

    Attributes:
        reveal: Returns the key itself, for a header. A function holds it: what lists attributes, as debuggers
            do, would show any that does.
    """

    __slots__ = ("_search", "reveal")

    def __init__(self, value: str | Secret = "") -> None:
        text = value.reveal() if isinstance(value, Secret) else value
        self.reveal: Callable[[], str] = lambda: text
        self._search = functools.cache(lambda: KeySearch(text))

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")

    def redact(self, text: str) -> str:
        """Return `text` without the key: whole, cut short by an ellipsis, or eight characters of it."""
        return self._search().mask(text)

    def is_in(self, text: str) -> bool:
        """Whether the whole key is in `text`."""
        return self._search().is_in(text)


def as_secret(value: object) -> Secret | None:
    """Wrap a key so that no variable shows it; anything but a string counts as an empty key."""
    if value is None:
        return None
    return Secret(value) if isinstance(value, str | Secret) else Secret()


def without_signatures(text: str) -> str:
    """Return `text` with the user, query and fragment of every URL in it masked: they may be credentials."""
    text = _CREDENTIALS.sub(f"{MASK}@", text)
    return _AFTER_SCHEME.sub(lambda url: _QUERY.sub(f"?{MASK}", url[0], count=1), text)


@contextmanager
def clear_traceback_locals() -> Iterator[None]:
    """Remove the frames below from the traceback of any exception.

    Their variables hold the request, and with it the key, or the body of the response. Tools that print
    the variables of a traceback would print those too. An exception of another library gets a note that says
    where it was raised.
    """
    outer = sys.exception()
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            error.__context__ = outer  # not httpx's error, which carries the request
        trace = error.__traceback__ and error.__traceback__.tb_next  # from the with statement on
        _cut_frames(error, outer)
        if trace:
            trace.tb_next = None
        raise error.with_traceback(trace)  # noqa: B904 - its context is as it should be


def _cut_frames(error: BaseException | None, outer: BaseException | None) -> None:
    seen = {outer}
    while error and error not in seen:
        seen.add(error)
        if isinstance(error, Exception) and not isinstance(error, BluejayError):
            error.add_note("Raised in:\n" + "".join(traceback.format_tb(error.__traceback__)))
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
