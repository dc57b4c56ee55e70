"""Keeps keys, signing secrets and the signatures of URLs out of messages, reprs, logs and tracebacks."""

from __future__ import annotations

import functools
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn
from urllib.parse import quote

from .errors import BluejayError

MASK = "<redacted>"
_ELLIPSIS = "…"
_LONG = 8
"""A key of at least this length is too long to occur in other text by chance."""
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"<>]+@")
# If this pattern also searched for the query, it would scan the rest of the text again at each `://`.
_AFTER_SCHEME = re.compile(r"://[^\s\"<>]+")
_QUERY = re.compile(r"[?#](?!limit=[0-9]{1,9}&offset=[0-9]{1,9}\W*$).+")
"""Any query or fragment, except the `limit` and `offset` with which this package requests a page."""


class Secret:
    """An API key or a signing secret that prints as a mask. Only `reveal` returns the string.

    Attributes:
        reveal: Returns the key itself, for sending or signing. The key is stored inside this function,
            because debuggers and other tools print the values of attributes.
    """

    __slots__ = ("_pattern", "reveal")

    def __init__(self, value: str | Secret = "") -> None:
        text = value.reveal() if isinstance(value, Secret) else value
        self.reveal: Callable[[], str] = lambda: text
        self._pattern = functools.cache(lambda: _pattern(text))

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret can't be pickled")

    def redact(self, text: str) -> str:
        """Return `text` with the key masked, in plain form, in JSON and in percent-encoding.

        The decoder shortens the values that it quotes. Therefore a key that is cut off by `…` is masked too.
        """
        if not self:
            return text
        *shortened, rest = self._pattern().sub(MASK, text).split(_ELLIPSIS)
        return _ELLIPSIS.join([*(_without_start(self.reveal(), each) for each in shortened), rest])

    def is_in(self, text: str) -> bool:
        """Whether `text` contains the key, in plain form, in JSON or in percent-encoding."""
        return bool(self) and self._pattern().search(text) is not None


def _forms(key: str) -> set[str]:
    return {key, json.dumps(key)[1:-1], quote(key.encode(errors="surrogatepass"), safe="")}


def _without_start(key: str, text: str) -> str:
    """If `text` ends with a start of the key, mask this start; return the text."""
    starts = (form[:length] for form in _forms(key) for length in range(len(form) - 1, _LONG - 1, -1))
    start = next((each for each in starts if text.endswith(each)), None)
    return text if start is None else text.removesuffix(start) + MASK


def _pattern(key: str) -> re.Pattern[str]:
    """Return a pattern that finds a key. A short key can be part of a word, so only whole words match."""
    found = "|".join(map(re.escape, sorted(_forms(key), key=len, reverse=True)))
    return re.compile(found if len(key) >= _LONG else rf"(?<![\w-])(?:{found})(?![\w-])", re.IGNORECASE)


def as_secret(value: object) -> Secret | None:
    """Wrap a key so that its repr is a mask; a value that isn't a string becomes an empty key."""
    if value is None:
        return None
    return Secret(value) if isinstance(value, str | Secret) else Secret()


def without_signatures(text: str) -> str:
    """Return `text` with the user, query and fragment of every URL masked, because these may be secret."""
    text = _CREDENTIALS.sub(f"{MASK}@", text)
    return _AFTER_SCHEME.sub(lambda url: _QUERY.sub(f"?{MASK}", url[0], count=1), text)


@contextmanager
def clear_traceback_locals() -> Iterator[None]:
    """Remove the inner frames from the traceback of any exception.

    The variables of these frames contain the request with its key, or the body of the response. Some tools
    print the variables of a traceback, and would print the key or the body. An exception of another library
    gets a note that says where it was raised.
    """
    outer = sys.exception()
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            error.__context__ = outer  # drops httpx's error, which contains the request
        trace = error.__traceback__ and error.__traceback__.tb_next  # starts at the caller's with statement
        _cut_frames(error, outer)
        if trace:
            trace.tb_next = None
        raise error.with_traceback(trace)  # noqa: B904 - the error's context is already right


def _cut_frames(error: BaseException | None, outer: BaseException | None) -> None:
    seen = {outer}
    while error and error not in seen:
        seen.add(error)
        if isinstance(error, Exception) and not isinstance(error, BluejayError):
            error.add_note("Raised in:\n" + "".join(traceback.format_tb(error.__traceback__)))
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
