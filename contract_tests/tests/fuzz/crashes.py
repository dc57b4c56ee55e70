"""Bodies that something came out of that must not: made small, and kept as regression cases."""

import hashlib
import traceback
from collections.abc import Callable
from pathlib import Path

CRASHES = Path(__file__).parent / "crashes"
_ATTEMPTS = 3_000


def kept(folder: Path = CRASHES) -> list[Path]:
    """Return the files of all that was kept, in order of their names."""
    return sorted(folder.glob("*.body"))


def keep(body: bytes, kind: str, folder: Path = CRASHES) -> Path:
    """Write a body to a file that is named after what came of it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{kind}-{hashlib.sha256(body).hexdigest()[:8]}.body"
    path.write_bytes(body)
    return path


def signature(error: Exception) -> str:
    """Return what an error is and where it comes from: two bodies with the same one show the same bug."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"


def minimised(body: bytes, judge: Callable[[bytes], object]) -> bytes:
    """Return the smallest body found, by leaving pieces out, that fails in the way that `body` does.

    Args:
        body: A body that `judge` fails on.
        judge: Raises what is to be kept.
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
