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
"""A key of this length can't be a part of other text by chance."""
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"<>]+@")
# If this pattern also searched for the query, it would scan the rest of the text again at each `://`.
_AFTER_SCHEME = re.compile(r"://[^\s\"<>]+")
_QUERY = re.compile(r"[?#](?!limit=[0-9]{1,9}&offset=[0-9]{1,9}\W*$).+")
"""Any query or fragment, except the query of a page, which this package adds itself."""


class Secret:
    """An API key or a signing secret that prints as a mask. Only `reveal` returns the string.

    Attributes:
        reveal: Returns the key itself, for sending or signing. This function contains the key, because
            debuggers and other tools list the values of attributes.
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

        The start of a key at an ellipsis is masked too: the decoder shortens the values that it quotes.
        """
        if not self:
            return text
        *shortened, rest = self._pattern().sub(MASK, text).split(_ELLIPSIS)
        return _ELLIPSIS.join([*(_without_start(self.reveal(), each) for each in shortened), rest])

    def is_in(self, text: str) -> bool:
        """Whether the key is in `text`, in one of these forms."""
        return bool(self) and self._pattern().search(text) is not None


def _forms(key: str) -> set[str]:
    return {key, json.dumps(key)[1:-1], quote(key.encode(errors="surrogatepass"), safe="")}


def _without_start(key: str, text: str) -> str:
    """Return `text` with the start of the key masked, if the text ends with one."""
    starts = (form[:length] for form in _forms(key) for length in range(len(form) - 1, _LONG - 1, -1))
    start = next((each for each in starts if text.endswith(each)), None)
    return text if start is None else text.removesuffix(start) + MASK


def _pattern(key: str) -> re.Pattern[str]:
    """Return the pattern of a key; a short key may be a part of any word, so only the whole word matches."""
    found = "|".join(map(re.escape, sorted(_forms(key), key=len, reverse=True)))
    return re.compile(found if len(key) >= _LONG else rf"(?<![\w-])(?:{found})(?![\w-])", re.IGNORECASE)


def as_secret(value: object) -> Secret | None:
    """Wrap a key so that no variable shows it; a value that isn't a string counts as an empty key."""
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

    The variables of these frames contain the request with its key, or the body of the response. Tools that
    print the variables of a traceback would print them. An exception of another library gets a note that says
    where it was raised.
    """
    outer = sys.exception()
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            error.__context__ = outer  # httpx's error contains the request
        trace = error.__traceback__ and error.__traceback__.tb_next  # starts at the with statement
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
