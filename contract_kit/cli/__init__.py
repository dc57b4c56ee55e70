"""The `contract-kit` command."""

from .program import main

__all__ = ["main"]
