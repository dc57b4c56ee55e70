"""The command `contract-kit`."""

from .program import main

__all__ = ["main"]
