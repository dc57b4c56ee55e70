"""Writes to stdout and stderr, escaping terminal and CI commands. No other module writes to these streams.

Two functions don't escape anything: `write_bytes`, for documents and received bytes, and `write_annotations`,
whose lines are GitHub commands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .safe_text import safe_line, terminal_safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def reopen_closed() -> None:
    """Open the standard streams that the caller closed, or the next files would get their descriptors.

    Reading from stdin and writing to stdout still fail; messages to stderr are lost.
    """
    flags = {"stdin": os.O_WRONLY, "stdout": os.O_RDONLY, "stderr": os.O_WRONLY}
    for name, flag in flags.items():
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flag), "r" if name == "stdin" else "w"))


def write_message(text: str, limit: int | None = None) -> None:
    """Write text to stderr as one line of at most `limit` characters, with credentials masked."""
    sys.stderr.write(f"{safe_line(terminal_safe(text, limit))}\n")


def write_annotations(lines: Iterable[str]) -> None:
    """Write GitHub workflow commands to stderr; the text in them must already be escaped."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def write_text(text: str) -> None:
    """Write lines from `plain_lines` or `styled_lines` to stdout."""
    write_bytes(encoded(text))


def encoded(text: str, *, stderr: bool = False) -> bytes:
    """Encode text for stdout or stderr; characters that can't be encoded are escaped."""
    return text.encode((sys.stderr if stderr else sys.stdout).encoding, "backslashreplace")


def write_bytes(data: bytes, *, stderr: bool = False) -> None:
    """Write bytes immediately and unchanged."""
    stream = sys.stderr if stderr else sys.stdout
    stream.flush()
    # With PYTHONUNBUFFERED, sys.stdout.buffer can write only some of the bytes without an error.
    with os.fdopen(stream.fileno(), "wb", closefd=False) as unbuffered:
        unbuffered.write(data)


def is_terminal(*, stderr: bool) -> bool:
    """Whether stdout, or stderr, is a terminal."""
    return (sys.stderr if stderr else sys.stdout).isatty()


def plain_lines(lines: Iterable[str]) -> str:
    """Return the lines as one string."""
    return "".join(f"{safe_line(line)}\n" for line in lines)


def styled_lines(lines: Iterable[Text], console: Console) -> str:
    """Return the lines as one string, in the colours that the console supports."""
    # The output is captured because rich itself would exit on a closed pipe.
    with console.capture() as captured:
        for line in lines:
            line.plain = safe_line(line.plain)
            console.print(line, soft_wrap=True)
    return captured.get()
