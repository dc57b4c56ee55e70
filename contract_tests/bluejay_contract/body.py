"""How much of a body is read, from a file or from the network."""

from collections.abc import Iterable

from bluejay_results.errors import UsageError

DEFAULT_LIMIT = 64_000_000
"""In bytes: some 9,000 conversations. The README says what it takes to judge as much."""


def bounded(pieces: Iterable[bytes], limit: int, source: str) -> bytes:
    """Return the pieces as one body.

    Raises:
        UsageError: There are more bytes than the limit.
    """
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            raise UsageError(f"{source}: over the limit of {limit:,} bytes. Raise it with --max-bytes.")
    return bytes(body)
