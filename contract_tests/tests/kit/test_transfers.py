"""Responses that arrive wrongly: byte for byte on the connection, and what clients do with them."""

import contextlib
import socket
from functools import partial
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from contract_kit.derive.model import Expect, Mutant, Response, Transfer
from contract_kit.judge.matrix import Row, Verdict
from contract_kit.judge.proof import prove
from contract_kit.pytest_plugin import ServedMutant
from contract_kit.serve.clients import PythonClient
from contract_kit.serve.server import RECOVERED, KitServer

from .documents import (
    catalogue_answering,
    catalogue_of,
    json_response,
    mutants_of,
)
from .fakes import JSON, LIST_ORDERS, ORDER, FakeCatalogue, mutant
from .test_server import fetch

HEAD = b"HTTP/1.1 200 \r\ncontent-type: application/json\r\n"
CLOSE = b"connection: close\r\n\r\n"
SENT = {
    Transfer.NOTHING: b"",
    Transfer.CUT: HEAD + b"content-length: 27\r\n" + CLOSE + b'{"id": 7, "st',
    Transfer.NO_LAST_CHUNK: HEAD + b"transfer-encoding: chunked\r\n" + CLOSE + b"1b\r\n" + ORDER + b"\r\n",
    Transfer.LENGTH_TOO_LONG: HEAD + b"content-length: 28\r\n" + CLOSE + ORDER,
    Transfer.LENGTH_TOO_SHORT: HEAD + b"content-length: 26\r\n" + CLOSE + ORDER,
    Transfer.UNEXPECTED: HEAD + b"content-length: 27\r\n" + CLOSE + ORDER,
}
POST = evolve(LIST_ORDERS, id="createOrder", method="POST")
CUT_OFF = ("no-response", "cut", "no-last-chunk", "length-too-long", "gzip-truncated")
FOLLOWED = ("503-then-valid", "cut-then-valid", "truncated-then-valid")
CLIENTS = """\
import http.client, json, socket, urllib.parse, urllib.request

class RefusedError(Exception): pass

def careful(url, operation, arguments):
    try:
        with urllib.request.urlopen(url + "/thing") as response:
            return json.load(response)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise RefusedError(str(error)) from error

def retrying(url, operation, arguments):
    try:
        return careful(url, operation, arguments)
    except RefusedError:
        return careful(url, operation, arguments)

def careless(url, operation, arguments):
    parts = urllib.parse.urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        request = f"GET {parts.path}/thing HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n"
        connection.sendall(request.encode())
        while connection.recv(65536): pass
"""


def ask(server: KitServer, given: Mutant, body: bytes = b"") -> bytes:
    """Return all that comes over a connection until the server closes it."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
        method, path = given.operation.method, given.operation.request.path
        lines = [f"{method} {path} HTTP/1.1", "host: x", f"contract-kit-mutant: {given.key}"]
        lines += ["connection: close", f"content-length: {len(body)}", "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def sent_as(transfer: Transfer) -> Mutant:
    given = mutant(f"sent {transfer}", ORDER)
    return evolve(given, response=evolve(given.response, transfer=transfer))


AGAIN = mutant("again", b"broken")
AGAIN = evolve(AGAIN, response=evolve(AGAIN.response, then=Response(200, JSON, ORDER)))


@pytest.mark.parametrize("transfer", SENT)
def test_a_broken_transfer_is_sent_byte_for_byte(transfer: Transfer) -> None:
    given = sent_as(transfer)
    with KitServer(FakeCatalogue((given,))) as server:
        assert ask(server, given) == SENT[transfer]


def test_a_request_is_read_to_its_end_before_its_connection_is_closed() -> None:
    """Otherwise the client would get a reset, and might lose the response."""
    given = evolve(sent_as(Transfer.CUT), operation=POST)
    with KitServer(FakeCatalogue((given,), (POST,))) as server:
        assert ask(server, given, b"x" * 5_000_000) == SENT[Transfer.CUT]


def test_without_an_offer_a_broken_and_the_valid_response_are_served_in_turn() -> None:
    with KitServer(FakeCatalogue((AGAIN,))) as server:
        bodies = [ask(server, AGAIN).partition(b"\r\n\r\n")[2] for _ in range(4)]
    assert bodies == [b"broken", ORDER, b"broken", ORDER]


@pytest.mark.parametrize(("requests", "fails"), [(1, True), (2, False)])
def test_a_test_case_passes_only_if_the_client_retried(requests: int, fails: bool) -> None:
    found = FakeCatalogue((AGAIN,))
    control = partial(found.control, AGAIN.operation)
    with KitServer(found) as server, server.offer(AGAIN) as offer:
        served = ServedMutant(offer.url, "getOrder", {}, AGAIN.expect, AGAIN.id, None, offer, control, {})
        believed = pytest.raises(AssertionError, match="believed") if fails else contextlib.nullcontext()
        with believed:
            served.check(lambda: [fetch(f"{offer.url}/orders/7") for _ in range(requests)], ValueError)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Row]]:
    """What each client did with each mutant of HTTP, by the client's name and the mutant's name."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "transfer_clients.py").write_text(CLIENTS)
    schema = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    found: dict[str, dict[str, Row]] = {}
    with contextlib.chdir(folder):
        for name in ("careful", "retrying", "careless"):
            client = PythonClient(f"transfer_clients:{name}", ("transfer_clients:RefusedError",))
            matrix = prove(catalogue_of(schema), client)
            found[name] = {each.id.rpartition("::")[2]: each for each in matrix.rows}
    return found


@pytest.mark.parametrize("name", CUT_OFF)
def test_a_client_that_reads_a_response_to_its_end_refuses_a_broken_response(
    rows: dict[str, dict[str, Row]], name: str
) -> None:
    assert rows["careful"][name].verdict is Verdict.REFUSED_BY_BODY
    assert rows["retrying"][name].verdict is Verdict.REFUSED_BY_BODY
    assert rows["careless"][name].verdict is Verdict.BELIEVED
    assert rows["careless"][name].source.startswith("RFC ")


@pytest.mark.parametrize("name", FOLLOWED)
def test_only_a_client_that_retries_recovers_with_the_valid_response_that_follows(
    rows: dict[str, dict[str, Row]], name: str
) -> None:
    refused = Verdict.REFUSED_BY_STATUS if name == "503-then-valid" else Verdict.REFUSED_BY_BODY
    assert rows["careful"][name].verdict is refused
    assert rows["careless"][name].verdict is Verdict.BELIEVED
    assert rows["retrying"][name].verdict is Verdict.TOLERATED
    assert rows["retrying"][name].reason == RECOVERED


def test_a_content_type_that_names_utf_8_is_legal() -> None:
    [found] = mutants_of(catalogue_of({}), ":charset-utf-8")
    assert found.response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (found.group, found.expect) == ("legal", Expect.ACCEPT)


def test_an_operation_without_a_body_gets_no_response_or_a_503_or_a_204_with_a_body() -> None:
    found = {each.name: each for each in catalogue_answering({"204": {}}).mutants()}
    assert found.keys() >= {"no-response", "503-then-valid", "204-with-content"}
    assert not found.keys() & {"cut", "cut-then-valid", "length-too-short"}
    assert found["204-with-content"].response.body


def test_a_documented_204_is_used_for_the_204_with_a_body() -> None:
    found = catalogue_answering({"200": json_response({}), "204": {}})
    [with_content] = mutants_of(found, "204-with-content")
    assert with_content.id == "getThing:204:protocol::204-with-content"
