"""What keeps the key, and the signatures of URLs, out of everything that is printed."""

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, Self, SupportsIndex

from .errors import BluejayError

MASK = "<redacted>"

_CUT = "…"
"""What every text of ours ends in that was cut."""
_SHORTEST_PIECE = 4
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"<>]+@")
_QUERY = re.compile(r"(://[^\s?#\"<>]*)[?#][^\s\"<>]+")


class Secret(str):
    """A string for a header that every way of printing it masks."""

    __slots__ = ()

    def __new__(cls, value: str = "") -> Self:
        """Make one from a string, or from another secret."""
        return super().__new__(cls, str.__str__(value))

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __getitem__(self, key: SupportsIndex | slice) -> Self:
        # Whoever cuts a long value before showing it, as rich does, must not get a plain string.
        return type(self)(super().__getitem__(key))

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")

    def redact(self, text: str) -> str:
        """Return `text` with every occurrence of the secret masked, whole or cut short by an ellipsis."""
        if len(text) < len(self) and _CUT not in text:
            return text  # every spelling of a secret is as long as itself or longer; most texts are run ids
        from ._spellings import spellings  # loaded late: it brings every encoding

        for spelling in spellings(str.__str__(self)) if self else ():
            text = re.sub(r"\s*".join(map(re.escape, spelling)), MASK, text, flags=re.IGNORECASE)
            if _CUT in text:
                for length in range(len(spelling) - 1, _SHORTEST_PIECE - 1, -1):
                    text = text.replace(spelling[:length] + _CUT, MASK + _CUT)
        return text


def conceal(value: object) -> Secret | None:
    """Return a key that the variable holding it does not show; what is no string is no key."""
    if value is None:
        return None
    return Secret(value) if isinstance(value, str) else Secret()


def without_signatures(text: str) -> str:
    """Return `text` with what makes a URL in it a credential masked: its user, its query, its fragment."""
    return _QUERY.sub(rf"\1?{MASK}", _CREDENTIALS.sub(f"{MASK}@", text))


@contextmanager
def sealed() -> Iterator[None]:
    """Empty the frames that an exception comes through, whatever it is.

    Their variables hold the request, and with it the key, or the body of the response: a traceback that
    shows variables would show those as well.
    """
    outer = sys.exception()
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            error.__context__ = outer  # not httpx's error, which carries the request
        _empty_frames(error, outer)
        raise


def _empty_frames(error: BaseException | None, outer: BaseException | None) -> None:
    seen = {outer}
    while error and error not in seen:
        seen.add(error)
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
