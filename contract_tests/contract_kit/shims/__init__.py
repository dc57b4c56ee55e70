"""Workers that call a client of a language: each is one file and needs nothing else.

`docs/contract-kit-worker.md` describes how to use them, and the protocol for any other language.
"""

from __future__ import annotations

import enum
from pathlib import Path


class Shim(enum.StrEnum):
    """A language that the kit has a worker for."""

    PYTHON = "python"
    NODE = "node"

    @property
    def path(self) -> Path:
        """The file."""
        return Path(__file__).with_name("worker.py" if self is Shim.PYTHON else "worker.mjs")
