"""A key that must turn up nowhere, a signed URL, and how either is found however it was written down."""

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
"""Longer than anything that cuts a text leaves whole, with characters that every escaping changes."""

SIGNATURE = "W7mQd2Xk9TzLr4VbYs6HfNc8GjPa3EuK"
SHORT_SIGNED_URL = f"https://x.io/?s={SIGNATURE}"
"""So short that the decoder, which cuts what it shows of a value, leaves a piece of the signature."""
SIGNED_URL = f"https://files.example.com/482130001.json?X-Amz-Expires=900&X-Amz-Signature={SIGNATURE}"

_PIECE = 8
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def leaks(output: str | bytes) -> list[str]:
    """Return which secrets an output gives away and in which form: eight characters in a row are enough."""
    text = output.decode("utf-8", "replace") if isinstance(output, bytes) else output
    text = _ANSI.sub("", text)
    readings = {_bare(text), _bare(unquote(text)), _bare(html.unescape(text))}
    return [
        form
        for form, needle in _NEEDLES
        if any(piece in reading for reading in readings for piece in _pieces(needle))
    ]


def _forms(name: str, secret: str) -> Iterator[tuple[str, str]]:
    yield name, _bare(secret)
    for skipped in range(3):  # base64 depends on where in its input the secret begins
        encoded = base64.b64encode(b"\0" * skipped + secret.encode()).decode()
        yield f"{name} in base64", _bare(encoded[4:-4])
    yield f"{name} in hexadecimal", secret.encode().hex()


def _bare(text: str) -> str:
    """Leave out line breaks, borders of tables, quotes and escapes: the rest is in every form the same."""
    return re.sub(r"[^A-Za-z0-9]+", "", text)


def _pieces(needle: str) -> set[str]:
    return {needle[start : start + _PIECE] for start in range(len(needle) - _PIECE + 1)}


_NEEDLES = [*_forms("the key", KEY), *_forms("the signature", SIGNATURE)]
