"""The kit's server: the bytes of its responses, and how earlier requests affect them."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from attrs import evolve

from contract_kit.derive.model import Mutant, Operation
from contract_kit.errors import KitError
from contract_kit.serve.server import KitServer

from .fakes import GET_ORDER, LIST_ORDERS, ORDER, FakeCatalogue, mutant

BROKEN = mutant("getOrder:200:type:/id")
MINE = Operation("getMine", "GET", "/orders/mine", GET_ORDER.request)
POST = evolve(LIST_ORDERS, id="createOrder", method="POST")
NO_CONTENT = mutant("createOrder:204", status=204, operation=POST)
HEAD = evolve(GET_ORDER, id="headOrder", method="HEAD")


@pytest.fixture(scope="module")
def server() -> Iterator[KitServer]:
    with KitServer(
        FakeCatalogue((BROKEN, NO_CONTENT), (GET_ORDER, MINE, LIST_ORDERS, POST, HEAD))
    ) as running:
        yield running


def fetch(url: str, method: str = "GET", mutant: str = "") -> httpx.Response:
    return httpx.request(method, url, headers={"Contract-Kit-Mutant": mutant}, trust_env=False)


def served(server: KitServer, given: Mutant, method: str = "GET") -> httpx.Response:
    with server.offer(given) as offer:
        return fetch(f"{offer.url}/orders/7", method)


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/orders/7", "getOrder"),
        ("GET", "/orders/mine", "getMine"),
        ("GET", "/orders/a%2Fb", "getOrder"),
        ("POST", "/orders", "createOrder"),
        ("GET", f"/mutant/{BROKEN.key}/orders", "listOrders"),
    ],
    ids=["a parameter", "a literal path wins", "an encoded slash", "a method", "another operation's mutant"],
)
def test_a_requests_path_and_method_select_the_operation(
    server: KitServer, method: str, path: str, operation: str
) -> None:
    answer = fetch(f"{server.url}{path}", method)
    assert (answer.status_code, answer.content) == (200, ORDER)
    assert answer.headers["x-operation"] == operation


@pytest.mark.parametrize(
    ("path", "mutant", "status", "datum"),
    [
        *((path, "", 404, f"GET {path}") for path in ("/ordrs/7", "/orders/7/", "/orders//7")),
        ("/mutant/nope/orders/7", "", 404, "nope"),
        ("/orders", BROKEN.key, 400, "GET /orders/{id}"),
    ],
)
def test_a_request_that_cannot_be_answered_gets_an_explanation(
    server: KitServer, path: str, mutant: str, status: int, datum: str
) -> None:
    answer = fetch(f"{server.url}{path}", mutant=mutant)
    assert answer.status_code == status
    assert datum in answer.text


@pytest.mark.parametrize(
    ("path", "mutant"),
    [("/orders/7", BROKEN.id), ("/orders/7", BROKEN.key), (f"/mutant/{BROKEN.key}/orders/7", "")],
    ids=["a header with its id", "a header with its key", "a prefix of the path"],
)
def test_a_request_can_select_its_mutant_with_a_header_or_a_path_prefix(
    server: KitServer, path: str, mutant: str
) -> None:
    assert fetch(f"{server.url}{path}", mutant=mutant).content == BROKEN.response.body


@pytest.mark.parametrize("body", [b"", b"{\xff\x00", ORDER[:-3], "\N{SNOWMAN}".encode(), b" " * 1_000_000])
def test_a_body_is_served_byte_for_byte(server: KitServer, body: bytes) -> None:
    assert served(server, mutant("body", body)).content == body


def test_the_server_adds_only_the_true_content_length_to_a_mutants_headers(server: KitServer) -> None:
    length = {"Content-Length": "1", "Transfer-Encoding": "chunked"}
    assert served(server, mutant("length", headers=length)).headers.raw == [(b"content-length", b"15")]
    given = served(server, mutant("text", headers={"X-Note": "\N{SNOWMAN}"})).headers.raw
    assert given == [(b"x-note", "\N{SNOWMAN}".encode()), (b"content-length", b"15")]


@pytest.mark.parametrize("status", [200, 204, 299, 302, 304, 418, 599])
def test_any_status_is_served_with_a_body_unless_the_status_forbids_a_body(
    server: KitServer, status: int
) -> None:
    answer = served(server, mutant("status", status=status))
    has_body = status not in (204, 304)
    assert (answer.status_code, answer.content) == (status, BROKEN.response.body * has_body)
    assert ("content-length" in answer.headers) is has_body


def test_head_gets_the_headers_without_the_body(server: KitServer) -> None:
    answer = served(server, mutant("head", operation=HEAD), "HEAD")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "15")


def test_a_connection_is_reused_after_a_response_without_content(server: KitServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request("POST", "/orders", b"x" * 100_000, {"contract-kit-mutant": NO_CONTENT.id})
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/orders/7")
    assert connection.getresponse().read() == ORDER
    assert connection.sock == first
    connection.close()


@pytest.mark.parametrize(
    ("path", "datum"),
    [
        ("/orders/7", ""),
        ("/ordrs/7", "GET /ordrs/7, "),
        ("/orders", "GET /orders instead of GET /orders/{id}"),
        ("/v2/orders/7", "leave out /v2"),
        (None, "no request"),
    ],
)
def test_the_server_reports_why_a_client_never_received_its_mutant(
    server: KitServer, path: str | None, datum: str
) -> None:
    with server.offer(BROKEN) as offer:
        if path:
            fetch(f"{offer.url}{path}")
    assert datum in offer.problem
    assert bool(offer.problem) is bool(datum)


def test_an_offers_only_server_serves_a_mutant_only_during_its_offer() -> None:
    with KitServer(FakeCatalogue((BROKEN,)), offers_only=True) as running:
        with running.offer(BROKEN) as offer:
            assert fetch(f"{offer.url}/orders/7").content == BROKEN.response.body
        for url in (offer.url, f"{running.url}/mutant/{BROKEN.key}"):
            assert fetch(f"{url}/orders/7").status_code == 404


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
