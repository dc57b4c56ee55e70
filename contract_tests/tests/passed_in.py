"""The HTTP library whose clients tests pass to our clients.

`make test-httpx2` sets PASS_CLIENTS_OF=httpx2, so that the tests pass httpx2 clients to our clients.
Otherwise, our clients make their own HTTP clients, and only tests about passed-in clients pass httpx clients.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bluejay_results import AsyncBluejayClient, BluejayClient

NAME = os.environ.get("PASS_CLIENTS_OF", "")
if TYPE_CHECKING:  # httpx2 has the same names as httpx
    import httpx

    library = httpx
else:
    library = import_module(NAME or "httpx")

HTTP_CLIENTS: dict[Any, Any] = {BluejayClient: library.Client, AsyncBluejayClient: library.AsyncClient}
"""For each of our clients, the class of HTTP client that can be passed in."""

PASSED_IN = HTTP_CLIENTS if NAME else {}
"""For each of our clients, the class of HTTP client to pass in; empty if our clients make their own."""
