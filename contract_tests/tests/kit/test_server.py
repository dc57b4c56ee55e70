"""The kit's server: what a request gets, byte for byte, and what the server remembers of the request."""

import http.client
import socket
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from contract_kit.derive.model import Mutant, Operation
from contract_kit.errors import KitError
from contract_kit.serve.server import KitServer

from .documents import catalogue, openapi
from .fakes import GET_ORDER, LIST_ORDERS, ORDER, FakeCatalogue, mutant

BROKEN = mutant("getOrder:200:type:/id")
MINE = Operation("getMine", "GET", "/orders/mine", GET_ORDER.request)
POST = evolve(LIST_ORDERS, id="createOrder", method="POST")
NO_CONTENT = mutant("createOrder:204", status=204, operation=POST)
HEAD = evolve(GET_ORDER, id="headOrder", method="HEAD")


class Answer(NamedTuple):
    """A response as received."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def server() -> Iterator[KitServer]:
    with KitServer(
        FakeCatalogue((BROKEN, NO_CONTENT), (GET_ORDER, MINE, LIST_ORDERS, POST, HEAD))
    ) as running:
        yield running


def fetch(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request(
        method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.getheaders()), response.read())
    connection.close()
    return answer


def served(server: KitServer, given: Mutant, method: str = "GET") -> Answer:
    with server.offer(given) as offer:
        return fetch(f"{offer.url}/orders/7", method)


def test_a_documented_request_gets_a_valid_response(server: KitServer) -> None:
    answer = fetch(f"{server.url}/orders/7")
    assert answer.status == 200
    assert answer.body == ORDER


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/orders/7", "getOrder"),
        ("GET", "/orders/mine", "getMine"),
        ("GET", "/orders/a%2Fb", "getOrder"),
        ("POST", "/orders", "createOrder"),
    ],
    ids=["a parameter", "a literal path wins", "an encoded slash", "a method"],
)
def test_path_and_method_select_the_operation(
    server: KitServer, method: str, path: str, operation: str
) -> None:
    assert fetch(f"{server.url}{path}", method).headers["x-operation"] == operation


@pytest.mark.parametrize("path", ["/ordrs/7", "/orders/7/", "/orders//7", "/v1/orders/7"])
def test_an_undocumented_path_gets_a_404_with_an_explanation(server: KitServer, path: str) -> None:
    answer = fetch(f"{server.url}{path}")
    assert answer.status == 404
    assert f"The document has no operation for GET {path}." in answer.body.decode()


@pytest.mark.parametrize("name", [BROKEN.id, BROKEN.key])
def test_a_header_names_a_mutant_by_its_id_or_its_key(server: KitServer, name: str) -> None:
    assert fetch(f"{server.url}/orders/7", contract_kit_mutant=name).body == BROKEN.response.body


def test_a_prefix_of_the_path_names_a_mutant_by_its_key(server: KitServer) -> None:
    assert fetch(f"{server.url}/mutant/{BROKEN.key}/orders/7").body == BROKEN.response.body


def test_an_unknown_mutant_gets_a_404_with_an_explanation(server: KitServer) -> None:
    answer = fetch(f"{server.url}/mutant/nope/orders/7")
    assert answer.status == 404
    assert b"There is no mutant nope." in answer.body


def test_a_mutant_of_another_operation_gets_a_400_with_an_explanation(server: KitServer) -> None:
    answer = fetch(f"{server.url}/orders", contract_kit_mutant=BROKEN.key)
    assert answer.status == 400
    assert b"answers GET /orders/{id}, not GET /orders." in answer.body


def test_at_the_url_of_a_mutant_other_operations_get_valid_responses(server: KitServer) -> None:
    assert fetch(f"{server.url}/mutant/{BROKEN.key}/orders").body == ORDER


@pytest.mark.parametrize("body", [b"", b"{\xff\x00", ORDER[:-3], "\N{SNOWMAN}".encode(), b" " * 1_000_000])
def test_a_body_is_served_byte_for_byte(server: KitServer, body: bytes) -> None:
    assert served(server, mutant("body", body)).body == body


def test_only_the_headers_of_the_mutant_are_sent(server: KitServer) -> None:
    assert served(server, mutant("bare", headers={})).headers == {"content-length": "15"}


def test_content_length_is_the_length_of_the_body_whatever_the_document_says(server: KitServer) -> None:
    answer = served(server, mutant("framed", headers={"Content-Length": "1", "Transfer-Encoding": "chunked"}))
    assert answer.body == BROKEN.response.body


def test_a_header_may_contain_any_text(server: KitServer) -> None:
    answer = served(server, mutant("text", headers={"X-Note": "\N{SNOWMAN}"}))
    assert answer.headers["x-note"].encode("latin-1").decode() == "\N{SNOWMAN}"


@pytest.mark.parametrize("status", [200, 201, 299, 302, 418, 520, 599])
def test_any_status_is_served(server: KitServer, status: int) -> None:
    assert served(server, mutant("status", status=status)).status == status


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_forbids_a_body_is_served_without_a_body(server: KitServer, status: int) -> None:
    answer = served(server, mutant("status", status=status))
    assert answer.status == status
    assert answer.body == b""
    assert "content-length" not in answer.headers


def test_head_gets_the_headers_without_the_body(server: KitServer) -> None:
    answer = served(server, mutant("head", operation=HEAD), "HEAD")
    assert answer.status == 200
    assert answer.body == b""
    assert answer.headers["content-length"] == "15"


@pytest.mark.parametrize("name", ["", NO_CONTENT.id], ids=["with a body", "without one"])
def test_a_connection_is_reused_for_the_next_request(server: KitServer, name: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request("POST", "/orders", b"x" * 100_000, {"contract-kit-mutant": name})
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/orders/7")
    assert connection.getresponse().read() == ORDER
    assert connection.sock == first
    connection.close()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/orders/7", ""),
        ("/ordrs/7", "the client requested GET /ordrs/7, which the document doesn't have"),
        ("/orders", "the client requested GET /orders instead of GET /orders/{id}"),
        ("/v2/orders/7", "the client requested GET /v2/orders/7: leave out /v2, because the URL passed"),
        (None, "the client sent no request to its URL, whose path must be kept"),
    ],
)
def test_the_reason_why_a_client_never_got_its_mutant_is_reported(
    server: KitServer, path: str | None, problem: str
) -> None:
    with server.offer(BROKEN) as offer:
        if path:
            fetch(f"{offer.url}{path}")
    assert offer.problem.startswith(problem)
    assert bool(offer.problem) is bool(problem)


def test_a_mutant_is_served_until_its_offer_ends(server: KitServer) -> None:
    with server.offer(mutant("passing")) as offer:
        assert fetch(f"{offer.url}/orders/7").status == 200
    assert fetch(f"{offer.url}/orders/7").status == 404


def test_a_server_that_is_stopped_immediately_frees_its_port() -> None:
    with KitServer(FakeCatalogue(())) as running:
        port = urlsplit(running.url).port or 0
    with KitServer(FakeCatalogue(()), port=port) as again:
        assert urlsplit(again.url).port == port


def test_a_port_in_use_is_one_clear_error(server: KitServer) -> None:
    port = urlsplit(server.url).port or 0
    says = rf"^Can't listen on 127\.0\.0\.1, port {port}: Address already in use\. "
    with pytest.raises(KitError, match=says), KitServer(FakeCatalogue(()), port=port):
        pass


def test_an_unknown_host_is_one_clear_error() -> None:
    says = r"^Can't listen on no\.such\.host\.invalid, port 0: "
    with pytest.raises(KitError, match=says), KitServer(FakeCatalogue(()), host="no.such.host.invalid"):
        pass


def test_the_url_of_an_ipv6_address_is_in_brackets() -> None:
    with KitServer(FakeCatalogue(()), host="::1") as running:
        assert running.url.startswith("http://[::1]:")


def test_a_client_that_never_reads_does_not_prevent_the_server_from_stopping() -> None:
    with KitServer(FakeCatalogue((mutant("large", b" " * 50_000_000),))) as running:
        parts = urlsplit(running.url)
        idle = socket.create_connection((parts.hostname or "", parts.port or 0))
        idle.sendall(b"GET /orders/7 HTTP/1.1\r\nhost: x\r\ncontract-kit-mutant: large\r\n\r\n")
        idle.recv(10)
    idle.close()


def test_an_operation_that_cannot_be_called_gets_a_404_with_the_reason() -> None:
    post = {"requestBody": {"required": True, "content": {"image/png": {}}}, "responses": {"204": {}}}
    with KitServer(catalogue(openapi({"/thing": {"post": post}}))) as running:
        answer = fetch(f"{running.url}/thing", "POST")
    assert answer.status == 404
    assert b"POST /thing can't be answered. Its request body is image/png" in answer.body


def test_a_server_of_offers_finds_no_other_mutant() -> None:
    with KitServer(FakeCatalogue((BROKEN,)), offers_only=True) as running:
        assert served(running, BROKEN).body == BROKEN.response.body
        assert fetch(f"{running.url}/mutant/{BROKEN.key}/orders/7").status == 404
