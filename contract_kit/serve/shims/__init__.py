"""Workers that call clients, one per programming language. Each is a single file without dependencies.

`docs/contract-kit-programs.md` explains how to use the workers, and how to write one for another language.
"""

from __future__ import annotations

import enum
from pathlib import Path


class Shim(enum.StrEnum):
    """A programming language for which the kit has a worker."""

    PYTHON = "python"
    NODE = "node"

    @property
    def path(self) -> Path:
        """The path of the worker's file."""
        return Path(__file__).with_name("worker.py" if self is Shim.PYTHON else "worker.mjs")

    @property
    def adapters(self) -> Path:
        """The path of the file with adapters, which the worker uses to call generated clients."""
        return self.path.with_stem("generated_clients")
