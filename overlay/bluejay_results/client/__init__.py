"""The clients: how they send and retry requests, and how they read responses.

These are the public names that need an HTTP library; `bluejay_results` loads all of them when any is used.
"""

from .async_client import AsyncBluejayClient
from .deadline import Clock
from .polling import RunProgress
from .sync_client import BluejayClient

__all__ = ["AsyncBluejayClient", "BluejayClient", "Clock", "RunProgress"]
