"""Keeps the API key, and the signatures of URLs, out of messages, reprs, logs and tracebacks."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from ._errors import BluejayError

MASK = "<redacted>"

_CUT = "…"
"""The end of every text that this package shortens."""
_SHORTEST_PIECE = 4
_LONG = 8
"""A key of this many characters is not part of a word by chance."""
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"<>]+@")
_QUERY = re.compile(r"(://[^\s?#\"<>]*)[?#][^\s\"<>]+")


class Secret:
    """An API key. Printing it in any way shows a mask: it is not a string until `reveal` is called.

    Attributes:
        reveal: Returns the key itself, for a header. A function holds it: what lists attributes, as debuggers
            do, would show any that does.
    """

    __slots__ = ("reveal",)

    def __init__(self, value: str | Secret = "") -> None:
        text = value.reveal() if isinstance(value, Secret) else value
        self.reveal: Callable[[], str] = lambda: text

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")

    def redact(self, text: str) -> str:
        """Return `text` with every occurrence of the secret masked, whole or cut short by an ellipsis.

        A short secret may be a part of any word: it is masked where it stands alone.
        """
        secret = self.reveal()
        if not secret or (len(text) < len(secret) and _CUT not in text):
            return text  # too short to hold the key in any encoding; most texts are run ids
        start, between, end = ("", r"\s*", "") if len(secret) >= _LONG else (r"(?<![\w-])", "", r"(?![\w-])")
        for spelling in _spellings(secret):
            whole = start + between.join(map(re.escape, spelling)) + end
            text = re.sub(whole, MASK, text, flags=re.IGNORECASE)
            if _CUT in text:
                for length in range(len(spelling) - 1, _SHORTEST_PIECE - 1, -1):
                    piece = spelling[:length] + _CUT
                    if piece in text:  # compiling a pattern for every length would take 100 ms
                        text = re.sub(start + re.escape(piece), MASK + _CUT, text)
        return text


def as_secret(value: object) -> Secret | None:
    """Wrap a key so that no variable shows it; anything but a string counts as an empty key."""
    if value is None:
        return None
    return Secret(value) if isinstance(value, str | Secret) else Secret()


def without_signatures(text: str) -> str:
    """Return `text` with the user, query and fragment of every URL in it masked: they may be credentials."""
    return _QUERY.sub(rf"\1?{MASK}", _CREDENTIALS.sub(f"{MASK}@", text))


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


def _spellings(secret: str) -> Iterable[str]:
    """Return a secret as it is, and in each encoding in which a server may send it back."""
    import base64  # loaded late: only a text that may hold the key needs them
    import html
    import json
    from urllib.parse import quote

    # A key that is not UTF-8 holds surrogates. It is refused, and the message about it must not fail.
    encoded = secret.encode(errors="surrogatepass")
    return dict.fromkeys(
        (
            secret,
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
            html.escape(secret),
            quote(encoded, safe=""),
            quote(encoded),
            base64.b64encode(encoded).decode().rstrip("="),
            base64.urlsafe_b64encode(encoded).decode().rstrip("="),
        )
    )
