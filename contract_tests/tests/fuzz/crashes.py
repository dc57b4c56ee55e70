"""Bodies that caused a failure: minimised, and kept as regression cases."""

import hashlib
import traceback
from collections.abc import Callable
from pathlib import Path

CRASHES = Path(__file__).parent / "crashes"
_ATTEMPTS = 3_000


def kept(folder: Path = CRASHES) -> list[Path]:
    """Return the files of all kept bodies, sorted by name."""
    return sorted(folder.glob("*.body"))


def keep(body: bytes, kind: str, folder: Path = CRASHES) -> Path:
    """Write a body to a file that is named after its failure."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{kind}-{hashlib.sha256(body).hexdigest()[:8]}.body"
    path.write_bytes(body)
    return path


def signature(error: Exception) -> str:
    """Return the class and the origin of an error; bodies with the same signature show the same bug."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"


def minimised(body: bytes, judge: Callable[[bytes], object]) -> bytes:
    """Remove pieces of a body while it fails in the same way; return the smallest body found.

    Args:
        body: A body that `judge` fails on.
        judge: Raises the failure.
    """
    wanted, attempts, size = _failure(body, judge), 0, len(body) // 2
    while size and attempts < _ATTEMPTS:
        for start in range(len(body) - size, -1, -size):
            attempts += 1
            smaller = body[:start] + body[start + size :]
            if _failure(smaller, judge) == wanted:
                body = smaller
        size //= 2
    return body


def _failure(body: bytes, judge: Callable[[bytes], object]) -> str | None:
    try:
        judge(body)
    except Exception as error:
        return signature(error)
    return None
