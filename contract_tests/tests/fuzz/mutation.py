"""Mutates a body from a seed: changes its bytes, its tokens and its document."""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from .tokens import TOKENS, VALUES

MAX_BYTES = 1 << 15
"""The maximum size of a mutated body."""

_SCALAR = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null')
_DEPTHS = (3, 50, 300, 900, 990, 1100, 5000)

Mutation = Callable[[bytearray, Random, Sequence[bytes]], bytes | bytearray]


def generator(seed: int) -> Random:
    """Return the random generator of the changes; the same seed gives the same changes."""
    return Random(seed)  # noqa: S311 - it must be the same again


def mutated(body: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Return the body with up to four changes.

    Args:
        body: What to change.
        random: The random generator; the same state makes the same body.
        others: Bodies to take pieces from.
    """
    family = random.choice(_FAMILIES)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        change = random.choice(family)
        body = bytes(change(bytearray(body or random.choice(others)), random, others))[:MAX_BYTES]
    return body


def _span(body: bytearray, random: Random, longest: int = 400) -> slice:
    start = random.randrange(len(body) + 1)
    return slice(start, start + random.randint(1, longest))


def _change_bytes(body: bytearray, random: Random, others: Sequence[bytes]) -> bytearray:
    """Change bytes regardless of their meaning."""
    span = _span(body, random)
    match random.randrange(7):
        case 0:
            for _ in range(random.randint(1, 4)):
                body[random.randrange(len(body))] ^= 1 << random.randrange(8)
        case 1:
            body[random.randrange(len(body))] = random.randrange(256)
        case 2:
            del body[span.start :]
        case 3:
            del body[span]
        case 4:
            body[span.stop : span.stop] = body[span] * random.choice((1, 1, 2, 10))
        case 5:
            other = bytearray(random.choice(others))
            body[span] = other[_span(other, random)]
        case _:
            body[span.start : span.start] = random.choice(TOKENS)
    return body


def _swap_token(body: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """Replace one name or value after a random position."""
    if match := _SCALAR.search(body, random.randrange(len(body))):
        body[slice(*match.span())] = random.choice(TOKENS)
    return body


def _nest(body: bytearray, random: Random, _: Sequence[bytes]) -> bytearray:
    """Put one token deep inside lists or objects."""
    depth, (opening, closing) = random.choice(_DEPTHS), random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    if match := _SCALAR.search(body, random.randrange(len(body))):
        body[slice(*match.span())] = opening * depth + match[0] + closing * depth
    return body


def _change_document(body: bytearray, random: Random, others: Sequence[bytes]) -> bytes | bytearray:
    """Change the document in one place, if the body is still JSON."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _swap_token(body, random, others)
    if not isinstance(document, dict | list) or not document:
        return random.choice(others)
    _change_inside(document, random)
    try:
        return json.dumps(document, ensure_ascii=random.random() < 0.2).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return body


def _change_inside(container: Any, random: Random) -> None:
    """Follow a random path, and drop the value there, replace it, or put it in place of another value."""
    while True:
        places = list(container) if isinstance(container, dict) else list(range(len(container)))
        place = random.choice(places)
        value = container[place]
        if not isinstance(value, dict | list) or not value or random.random() >= 0.85:
            break
        container = value
    match random.randrange(4):
        case 0:
            del container[place]
        case 1:
            container[place] = container[random.choice(places)]
        case 2:
            container[place] = random.choice(VALUES)
        case _:
            container[place] = [value] * random.choice((1, 2, 30))


_OF_TOKENS = (_swap_token, _swap_token, _swap_token, _nest)
_FAMILIES: Sequence[Sequence[Mutation]] = (
    (_change_bytes,),
    *(_OF_TOKENS,) * 2,
    *((_change_document,),) * 4,
    (*_OF_TOKENS, *(_change_document,) * 3),
)
