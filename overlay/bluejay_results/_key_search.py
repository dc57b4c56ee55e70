"""Finds an API key in a text: the whole key, each encoding that a server may use, and pieces of the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

MASK = "<redacted>"

_CUT = "…"
"""The end of every text that this package shortens."""
_SHORTEST_CUT = 4
_PIECE = 8
"""The length of a piece. Other text doesn't contain this many consecutive characters of a key by chance."""


class KeySearch:
    """Masks one API key. The time of a search is proportional to the length of the text.

    A key of fewer than eight characters may be part of any word, so it is masked only as a whole word.
    """

    def __init__(self, key: str) -> None:
        spellings = _spellings(key)
        self._shortest = min(len(key), _PIECE)
        self._whole = _pattern(spellings, is_long=len(key) >= _PIECE)
        self._pieces = _pieces(key, spellings) if len(key) >= _PIECE else {}
        self._cuts = list(_cuts(spellings, is_long=len(key) >= _PIECE))

    def mask(self, text: str) -> str:
        """Return `text` with masks for the key, its pieces, and any start of the key before an ellipsis."""
        if not self._shortest or (len(text) < self._shortest and _CUT not in text):
            return text
        text = self._whole.sub(MASK, text)
        if _CUT in text:
            for cut, pattern in self._cuts:
                if cut in text:
                    text = pattern.sub(MASK + _CUT, text)
        return self._without_pieces(text) if self._pieces else text

    def is_in(self, text: str) -> bool:
        """Whether the whole key is in `text`."""
        return bool(self._shortest) and self._whole.search(text) is not None

    def _without_pieces(self, text: str) -> str:
        places = [place for place, each in enumerate(text) if each.isascii() and each.isalnum()]
        bare = "".join([text[place] for place in places]).lower()
        kept, done = [], 0
        for start, end in _joined(self._found(bare)):
            kept += [text[done : places[start]], MASK]
            done = places[end - 1] + 1
        return "".join([*kept, text[done:]])

    def _found(self, bare: str) -> Iterator[tuple[int, int]]:
        for size, pieces in self._pieces.items():
            for start in range(len(bare) - size + 1):
                if bare[start : start + size] in pieces:
                    yield start, start + size


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans in order; spans that overlap or touch are merged."""
    joined: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if joined and start <= joined[1]:
            joined = joined[0], max(joined[1], end)
            continue
        if joined:
            yield joined
        joined = start, end
    if joined:
        yield joined


def _pattern(spellings: Iterable[str], *, is_long: bool) -> re.Pattern[str]:
    """Return the pattern of a whole key; a long key may be wrapped over lines."""
    if not is_long:
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, spellings))})(?![\w-])", re.IGNORECASE)
    # The possessive quantifier doesn't backtrack over white space, so no text takes quadratic time.
    broken = (r"\s*+".join(map(re.escape, "".join(each.split()))) for each in spellings)
    return re.compile("|".join(broken), re.IGNORECASE)


def _cuts(spellings: Iterable[str], *, is_long: bool) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield each start of a key that is shorter than a piece, with an ellipsis added, and its pattern."""
    for spelling in spellings:
        starts = (spelling[:length] for length in range(_SHORTEST_CUT, len(spelling)))
        short = takewhile(lambda start: not is_long or len(_bare(start)) < _PIECE, starts)
        for start in reversed(list(short)):
            yield start + _CUT, re.compile(("" if is_long else r"(?<![\w-])") + re.escape(start + _CUT))


def _pieces(key: str, spellings: Iterable[str]) -> dict[int, set[str]]:
    """Return the pieces of a long key by their length, without the punctuation that escaping changes.

    In hexadecimal, two digits stand for one character, so a piece is twice as long.
    """
    import base64  # loaded late, also below, because only a text that may contain the key needs it

    encoded = key.encode(errors="surrogatepass")
    # The base64 form depends on the key's offset in the input: in a Basic header the user's name comes first.
    shifted = (base64.b64encode(bytes(skipped) + encoded).decode()[4:-4] for skipped in range(3))
    pieces = {_PIECE: _runs((*spellings, *shifted), _PIECE), 2 * _PIECE: _runs((encoded.hex(),), 2 * _PIECE)}
    return {size: found for size, found in pieces.items() if found}


def _runs(texts: Iterable[str], size: int) -> set[str]:
    bare = map(_bare, texts)
    return {each[start : start + size] for each in bare for start in range(len(each) - size + 1)}


def _bare(text: str) -> str:
    return "".join(each for each in text if each.isascii() and each.isalnum()).lower()


def _spellings(key: str) -> tuple[str, ...]:
    """Return the key itself, and each encoding in which a server may send the key back."""
    import base64
    import html
    import json
    from urllib.parse import quote

    # A key that isn't UTF-8 contains surrogates. The message that refuses such a key must not fail.
    encoded = key.encode(errors="surrogatepass")
    return tuple(
        dict.fromkeys(
            (
                key,
                json.dumps(key)[1:-1],
                repr(key)[1:-1],
                html.escape(key),
                quote(encoded, safe=""),
                quote(encoded),
                base64.b64encode(encoded).decode().rstrip("="),
                base64.urlsafe_b64encode(encoded).decode().rstrip("="),
            )
        )
    )
