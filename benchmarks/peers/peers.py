"""The clients that are compared, and the errors by which each refuses a response."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen
from contract_kit.serve.clients import Client, PythonClient, WorkerClient
from contract_kit.serve.shims import Shim

_HTTPX = ("httpx:HTTPError", "json:JSONDecodeError")
_PYDANTIC = ("pydantic:ValidationError", "httpx:HTTPError")


@frozen
class Peer:
    """A client to compare.

    Attributes:
        name: The client's name in the report.
        client: How the kit calls the client.
    """

    name: str
    client: Client

    @property
    def refuses(self) -> str:
        """The errors by which the client refuses a response, for the report."""
        if isinstance(self.client, PythonClient):
            return ", ".join(f"`{name.replace(':', '.')}`" for name in self.client.refuses)
        return "`!response.ok`, `TypeError` of fetch, `SyntaxError` of json()"


def _python(name: str, function: str, *refuses: str) -> Peer:
    return Peer(name, PythonClient(f"benchmarks.peers.{function}", refuses))


_SCRIPT = Path(__file__).with_name("client.mjs")
SCRIPTED = Peer("JavaScript: fetch, json()", WorkerClient(("node", str(Shim.NODE.path), str(_SCRIPT))))
PEERS = (
    _python("ours", "ours:call", "bluejay_results:BluejayError"),
    _python(
        "bluejay-sdk",
        "sdk:call",
        "bluejay.errors:BluejayError",
        "bluejay.errors:NoResponseError",
        "httpx:HTTPError",
    ),
    _python("datamodel-code-generator", "models:call", *_PYDANTIC),
    _python("datamodel-code-generator, strict", "models:call_strictly", *_PYDANTIC),
    _python("openapi-python-client", "stock:call", "stock_client.errors:UnexpectedStatus", *_HTTPX),
    _python("bare httpx, json()", "bare:call", *_HTTPX),
    SCRIPTED,
)
"""All clients; ours comes first."""
