"""Keeps keys, signing secrets and URL signatures out of messages, reprs, logs and tracebacks."""

from __future__ import annotations

import functools
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeAlias

from .errors import BluejayError

MASK = "<redacted>"
_LONG = 8
"""Keys of at least this length are assumed never to occur in other text by chance."""
_ESCAPES = "%\\u0123456789abcdefABCDEF"
"""The characters used in JSON escapes and percent-encoding."""
_LEVELS = 3
"""How many levels of nested escapes are searched for a key."""
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=(\s*:)?)')
"""Matches a string in a JSON document. The group matches only if the string is a member name."""
# JSON within a string can have a backslash before each slash.
_CREDENTIALS = re.compile(r"(:(?:\\*/){2})[^\s/?#@\"<>]+@")
# If this pattern also searched for the query, it would scan the rest of the text again at each `://`.
_AFTER_SCHEME = re.compile(r":(?:\\*/){2}[^\s\"<>]+")
_QUERY = re.compile(r"[?#](?!limit=[0-9]{1,9}&offset=[0-9]{1,9}\W*$).+")
"""Matches a query or fragment, except the `limit` and `offset` that this package sends to request a page."""

_ANY_CREDENTIALS, _ANY_QUERY = re.compile(r"(?<=://)[^/?#]*@"), re.compile(r"[?#].*", re.DOTALL)
"""The corresponding patterns for text that consists of a single URL."""


class Secret:
    """An API key or signing secret whose repr is a mask; only `reveal` returns the string itself.

    Attributes:
        reveal: Returns the key itself, for sending or signing. The key is stored in this closure because
            debuggers and other tools print attribute values.
    """

    __slots__ = ("_pattern", "_traces", "reveal")

    def __init__(self, value: str | Secret = "") -> None:
        text = value.reveal() if isinstance(value, Secret) else value
        self.reveal: Callable[[], str] = lambda: text
        self._pattern = functools.cache(lambda: _pattern(text))
        self._traces = functools.cache(lambda: _traces(text))

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret can't be pickled")

    def redact(self, text: str) -> str:
        """Return `text` with the key masked, in every spelling that JSON or percent-encoding allows."""
        return self._pattern().sub(MASK, text) if self._may_be_in(_encoded(text)) else text

    def is_in(self, text: str) -> bool:
        """Whether `text` contains the key, in any spelling that JSON or percent-encoding allows."""
        return self._may_be_in(_encoded(text)) and self._pattern().search(text) is not None

    def mask(self, body: bytes) -> bytes:
        """Return a received body with the key masked. This takes almost no time if the key isn't in the body.

        A JSON document stays valid: only strings that contain the key are rewritten. Numbers are unchanged
        and, if the key is short, so are member names.
        """
        wide = json.detect_encoding(body)
        if wide.startswith(("utf-16", "utf-32")) and self.is_in(text := body.decode(wide, "replace")):
            return self._masked(text).encode(wide)
        if not self._may_be_in(body):
            return body
        try:
            return self._masked(body.decode()).encode()
        except UnicodeDecodeError:
            return self._masked(body.decode("latin-1")).encode("latin-1")

    def _masked(self, text: str) -> str:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return self.redact(text)
        return _STRING.sub(self._masked_string, text)

    def _masked_string(self, found: re.Match[str]) -> str:
        is_name, is_short = found[1] is not None, len(self.reveal()) < _LONG
        if is_name and is_short:
            return found[0]
        text = json.loads(found[0])
        safe = self.redact(text)
        return found[0] if safe == text else json.dumps(safe)

    def _may_be_in(self, data: bytes) -> bool:
        """Whether the key might be in the data. False is definitive and cheap; True isn't certain."""
        if not self:
            return False
        plain, short, in_json, percent = self._traces()
        if plain in data:
            return True
        found = data
        for each in short:
            found = found.replace(each, each[1:])
        for _ in range(_LEVELS):
            if b"\\u00" in found:
                found = in_json.sub(_unescaped, found)
        found = found.translate(None, b"\\") if found is not data else data
        if plain in found:
            return True
        return b"%" in found and plain in percent.sub(_unescaped, found)


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _unescaped(code: re.Match[bytes]) -> bytes:
    return bytes([int(code[1], 16)])


_Traces: TypeAlias = tuple[bytes, list[bytes], re.Pattern[bytes], re.Pattern[bytes]]


def _traces(key: str) -> _Traces:
    """Return the key, its characters' short JSON escapes, and patterns for their two-digit escapes.

    The returned key is empty if this fast search can't find the key because it contains a backslash or isn't
    ASCII. In JSON, the characters of an escape can themselves be escaped.
    """
    plain = key.encode() if key.isascii() and "\\" not in key else b""
    short = [f"\\{each}".encode() for each in '"/' if each in key]
    codes, in_escapes = ("|".join({f"{ord(each):02x}" for each in text}) for text in (key, key + _ESCAPES))
    in_json = re.compile(rf"\\u00({in_escapes})".encode(), re.IGNORECASE)
    return plain, short, in_json, re.compile(f"%({codes})".encode(), re.IGNORECASE)


def _pattern(key: str) -> re.Pattern[str]:
    """Return a pattern that finds a key.

    A short key could occur inside another word, so it is masked only as a whole word.

    Any number of backslashes matches because JSON nested in a JSON string has more of them before an escape.
    """
    found = "".join(map(_spellings, re.sub(r"\\+", r"\\", key)))
    whole = rf"(?<!\\){found}" if len(key) >= _LONG else rf"(?<![\w\\-]){found}(?![\w-])"
    return re.compile(whole)


def _spellings(char: str) -> str:
    if char == "\\":
        return r"(?:\\++(?:u005[cC])?+|%5[cC])++"
    units = re.findall("....", char.encode("utf-16-be", "surrogatepass").hex())
    in_json = r"\\*+".join(f"u{each}" for each in units)
    percent = "".join(f"%{each:02x}" for each in _encoded(char))
    return rf"\\*+(?:(?i:{in_json}|{percent})|{re.escape(char)})"


def shown(value: object) -> str:
    """Return a number as text and, for any other value, only its type, because it might be the key."""
    is_short = isinstance(value, float) or (isinstance(value, int) and value.bit_length() < 100)
    return f"{value!r}" if is_short else type(value).__name__


def as_secret(value: object) -> Secret | None:
    """Wrap a key so that its repr is a mask; anything but a string becomes an empty key."""
    if value is None:
        return None
    return Secret(value) if isinstance(value, str | Secret) else Secret()


def without_signatures(text: str) -> str:
    """Return `text` with the user, query and fragment of every URL masked because they might be secret."""
    text = _CREDENTIALS.sub(rf"\1{MASK}@", text)
    return _AFTER_SCHEME.sub(lambda url: _QUERY.sub(f"?{MASK}", url[0], count=1), text)


def without_signature(url: str | None) -> str | None:
    """Return a URL with its user, query and fragment masked, even if it contains spaces or quotes."""
    return url and _ANY_QUERY.sub(f"?{MASK}", _ANY_CREDENTIALS.sub(f"{MASK}@", url))


@contextmanager
def clear_traceback_locals() -> Iterator[None]:
    """Remove the inner frames from the traceback of any exception raised in the with block.

    The local variables in these frames include the response body, or the request with its key, and some tools
    print a traceback's variables. An exception from another library gets a note about where it was raised.
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


_never_shown: list[Secret] = []


def never_show(key: str | Secret) -> None:
    """Mask a key in all text from now on."""
    _never_shown.append(Secret(Secret(key).reveal().strip()))


def masked(text: str) -> str:
    """Return `text` with keys and URL signatures masked."""
    return without_signatures(without_keys(text))


def without_keys(text: str) -> str:
    """Return `text` with keys masked and URL signatures kept."""
    for key in _never_shown:
        text = key.redact(text)
    return text
