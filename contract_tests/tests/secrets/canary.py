"""A key and a signed URL that must not leak, and a search that finds them in any encoding."""

import base64
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_RANDOM = (
    "Kq3vT9xWm2RbY7dLs8HfZ4nPc6GjE1uAoX5iVrD0kMzwBtQyUeJhSgNaFlCpI"
    "b8Rk2Wz6LmVx4TqYs9HdGf3JcNa7PuEoK1rXvZ5tBw0QyMhDjSnUiFgLeCpAl"
)
KEY = f'Zq/+"&<%={_RANDOM}'
"""A key that is longer than any truncated text. Each kind of escaping changes some of its characters."""

SIGNATURE = "W7mQd2Xk9TzLr4VbYs6HfNc8GjPa3EuK"
SHORT_SIGNED_URL = f"https://x.io/?s={SIGNATURE}"
"""A URL so short that the decoder's truncated messages still contain part of the signature."""
SIGNED_URL = f"https://files.example.com/482130001.json?X-Amz-Expires=900&X-Amz-Signature={SIGNATURE}"

_PIECE = 8
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def leaks(output: str | bytes) -> list[str]:
    """Return which secrets an output leaks, and in which encoding. Eight characters in a row are a leak."""
    text = output.decode("utf-8", "replace") if isinstance(output, bytes) else output
    text = _ANSI.sub("", text)
    readings = {_bare(text), _bare(unquote(text)), _bare(html.unescape(text))}
    return [
        form for form, pieces in _NEEDLES if any(piece in reading for reading in readings for piece in pieces)
    ]


def _forms(name: str, secret: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each encoding of a secret, and the pieces of it that count as a leak."""
    yield name, _pieces(_bare(secret), _PIECE)
    for skipped in range(3):  # base64 depends on the offset of the secret
        encoded = base64.b64encode(b"\0" * skipped + secret.encode()).decode()
        yield f"{name} in base64", _pieces(_bare(encoded[4:-4]), _PIECE)
    in_hexadecimal = _pieces(secret.encode().hex(), 2 * _PIECE)
    # A piece that consists only of digits isn't evidence: it could be a timestamp.
    yield f"{name} in hexadecimal", {piece for piece in in_hexadecimal if not piece.isdigit()}


def _bare(text: str) -> str:
    """Remove everything except letters and digits, for example line breaks, table borders and quotes."""
    return re.sub(r"[^A-Za-z0-9]+", "", text)


def _pieces(needle: str, length: int) -> set[str]:
    return {needle[start : start + length] for start in range(len(needle) - length + 1)}


_NEEDLES = [*_forms("the key", KEY), *_forms("the signature", SIGNATURE)]
