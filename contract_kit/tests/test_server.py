"""The kit's server: its connections, its address, and offers. `matrices/served.txt` contains its bytes."""

import http.client
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from contract_kit.derive.exchange import Transfer
from contract_kit.errors import KitError
from contract_kit.serve.server import KitServer

from .fakes import ORDER, FakeCatalogue, mutant
from .matrices.served import CREATE, MUTANTS, OPERATIONS, changed, raw

BROKEN, *_ = MUTANTS


def test_a_request_is_read_to_its_end_before_its_connection_is_closed() -> None:
    """If part of the request were left unread, the client would get a reset and might lose the response."""
    given = changed("cut", transfer=Transfer.CUT, operation=CREATE)
    with KitServer(FakeCatalogue((given,), (CREATE,))) as server:
        assert raw(server.url, "POST /orders", "contract-kit-mutant: cut", body=b"x" * 5_000_000).endswith(
            b"st"
        )


def test_a_connection_is_reused_after_a_response_without_content() -> None:
    with KitServer(FakeCatalogue(MUTANTS, OPERATIONS)) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        connection.request("GET", "/orders/7", b"x" * 100_000, {"contract-kit-mutant": "204"})
        connection.getresponse().read()
        first = connection.sock
        connection.request("GET", "/orders/7")
        assert connection.getresponse().read() == ORDER
        assert connection.sock == first
        connection.close()


def test_an_offers_only_server_serves_a_mutant_only_during_its_offer() -> None:
    def fetch(url: str) -> httpx.Response:
        return httpx.get(f"{url}/orders/7", trust_env=False)

    with KitServer(FakeCatalogue((BROKEN,)), offers_only=True) as running:
        with running.offer(BROKEN) as offer:
            assert fetch(offer.url).content == BROKEN.response.body
        assert [fetch(url).status_code for url in (offer.url, f"{running.url}/mutant/{BROKEN.key}")] == [
            404
        ] * 2


def test_a_server_listens_on_the_given_host_and_frees_its_port() -> None:
    with KitServer(FakeCatalogue(()), host="::1") as running:
        url = running.url
        assert url.startswith("http://[::1]:")
        port = urlsplit(url).port or 0
        with pytest.raises(KitError, match=str(port)):
            KitServer(FakeCatalogue(()), host="::1", port=port).__enter__()
    with KitServer(FakeCatalogue(()), host="::1", port=port) as again:
        assert again.url == url
    with pytest.raises(KitError, match="invalid"):
        KitServer(FakeCatalogue(()), host="no.such.host.invalid").__enter__()


def test_a_client_that_never_reads_does_not_prevent_the_server_from_stopping() -> None:
    with KitServer(FakeCatalogue((mutant("large", b" " * 50_000_000),))) as running:
        parts = urlsplit(running.url)
        idle = socket.create_connection((parts.hostname or "", parts.port or 0))
        idle.sendall(b"GET /orders/7 HTTP/1.1\r\nhost: x\r\ncontract-kit-mutant: large\r\n\r\n")
        idle.recv(10)
    idle.close()
