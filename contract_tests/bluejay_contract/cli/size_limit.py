"""Limits the size of a body that is read from a file or from the network."""

from collections.abc import Iterable

from bluejay_results.errors import UsageError

DEFAULT_LIMIT = 64_000_000
"""In bytes: about 9,000 conversations."""


def bounded(pieces: Iterable[bytes], limit: int, source: str) -> bytes:
    """Join the pieces into one body.

    Raises:
        UsageError: The body is larger than the limit.
    """
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            raise UsageError(f"{source}: over the limit of {limit:,} bytes. Raise it with --max-bytes.")
    return bytes(body)
