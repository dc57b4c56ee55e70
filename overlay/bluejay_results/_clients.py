"""The public names that need an HTTP library; `bluejay_results` loads all of them when one is used."""

from .client.async_client import AsyncBluejayClient
from .client.polling import RunProgress
from .client.sync_client import BluejayClient

__all__ = ["AsyncBluejayClient", "BluejayClient", "RunProgress"]
