"""The HTTP library whose clients the tests pass in.

`make test-httpx2` sets PASS_CLIENTS_OF=httpx2, and the tests pass in clients of httpx2. Otherwise, they use
our own clients, or a client of httpx if a test is about clients that are passed in.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bluejay_results import AsyncBluejayClient, BluejayClient

NAME = os.environ.get("PASS_CLIENTS_OF", "")
if TYPE_CHECKING:  # httpx2 has the same names
    import httpx

    library = httpx
else:
    library = import_module(NAME or "httpx")

HTTP_CLIENTS: dict[Any, Any] = {BluejayClient: library.Client, AsyncBluejayClient: library.AsyncClient}
"""The class of the HTTP client that may be passed to each of our clients."""

PASSED_IN = HTTP_CLIENTS if NAME else {}
"""The class of the HTTP client to pass to each of our clients; empty to use our own."""
