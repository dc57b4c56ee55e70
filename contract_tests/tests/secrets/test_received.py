"""A key echoed by the service is masked as soon as the response is received, so it isn't kept anywhere."""

import gzip
import json
import pickle
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from bluejay_results import BluejayClient, BluejayError
from bluejay_results._secrets import MASK
from contract_kit.tests.tables import table

from .. import builders
from ..faults._connection import Connection
from ..faults._server import FaultServer
from .canary import KEY, leaks
from .spellings import SPELLINGS

ECHO = {"x-echo": KEY, "retry-after": "9999"}


def _body(spelled: str, **changed: object) -> bytes:
    """The body of a run whose summary, and the name of a new field, contain the key."""
    document = builders.response(builders.result(), **{"summary": "KEY"} | changed)
    return json.dumps(document | {"x KEY": 1}).replace("KEY", spelled).encode()


def _client(
    body: bytes, status: int = 200, headers: Mapping[str, str] = ECHO, key: str = KEY, url: str = "http://a.b"
) -> BluejayClient:
    answer = httpx.Response(status, headers=headers, content=body)
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return BluejayClient(key, url, http_client=http, retries=0)


@table("spelling, status", product(SPELLINGS, [0, 200, 401, 404, 422, 429, 500, 520]))
def test_no_run_and_no_error_about_a_response_contains_the_key(
    spelling: str, status: int, tmp_path: Path
) -> None:
    """0 is a valid response; the one with 200 breaks the contract."""
    spelled, har = SPELLINGS[spelling], tmp_path / "run.har"
    body = _body(spelled, **{} if status == 0 else {"total_tests": "KEY"})
    if status not in {0, 200}:
        body = b'{"detail": "%b"}' % spelled.encode()
    try:
        found: Any = _client(body, status or 200).retrieve("48213", record=har)
        received, told = found.responses[0], f"{found.summary}"
    except BluejayError as error:
        found, received, told = error, error, f"{error} {error.headers} {vars(error)}"
    assert isinstance(found, BluejayError) is (status != 0)
    assert MASK in f"{received.body!r}"
    assert leaks(f"{told} {received.body!r} {received.headers}") == []
    assert leaks(pickle.dumps(found)) == leaks(har.read_bytes()) == []


def test_only_the_strings_with_the_key_differ_from_the_received_body() -> None:
    body = _body("KEY", summary="x")
    received = _client(body.replace(b"KEY", SPELLINGS[".NET"].encode())).retrieve("48213").responses[0].body
    assert received == body.replace(b"KEY", MASK.encode())


def test_a_key_is_masked_in_the_names_and_values_of_headers_and_credentials_are_left_out() -> None:
    sent = {"X-Echo": "abc+efgh, abc%2Befgh", "x-abc+efgh": "é", "Set-Cookie": "a=b", "X-API-Key": "c"}
    headers = httpx.Headers([(name.encode(), value.encode("latin-1")) for name, value in sent.items()])
    with pytest.raises(BluejayError) as caught:
        _client(b"", 500, headers, "abc+efgh").retrieve("48213")
    found = {name: value for name, value in caught.value.headers.items() if name != "content-length"}
    assert found == {"x-echo": f"{MASK}, {MASK}", f"x-{MASK}": "é"}


def test_a_key_in_the_base_url_never_appears_in_errors_or_recordings(tmp_path: Path) -> None:
    client = _client(b"", 500, key="abc+efgh", url="http://a.b/abc%2befgh")
    with pytest.raises(BluejayError) as caught:
        client.wait("48213", timeout=0.1, poll_interval=0.1, record=tmp_path / "run.har")
    errors = [caught.value, getattr(caught.value, "last_error", None)]
    assert {each.url for each in errors if each} == {
        f"http://a.b/{MASK}/v1/retrieve-simulation-results/48213?limit=1&offset=0",
        f"http://a.b/{MASK}/v1/retrieve-simulation-results/48213",
    }
    assert "efgh" not in (tmp_path / "run.har").read_text()


@table("packed", [False, True])
def test_a_key_is_masked_however_it_is_split_across_a_bodys_chunks(packed: bool) -> None:
    body = gzip.compress(_body(SPELLINGS[".NET"])) if packed else _body(SPELLINGS[".NET"])
    encoding = b"content-encoding: gzip\r\n" if packed else b""
    chunks = b"".join(b"1\r\n%c\r\n" % each for each in body)

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n%b\r\n" % encoding)
        for start in range(0, len(chunks), 7):
            connection.send(chunks[start : start + 7])
        connection.send(b"0\r\n\r\n")

    with FaultServer(script) as server, BluejayClient(KEY, server.url) as client:
        run = client.retrieve("48213")
    assert run.summary == MASK
    assert leaks(run.responses[0].body) == []


def test_a_key_in_the_content_encoding_header_is_masked_in_the_error() -> None:
    sent = b"HTTP/1.1 200 OK\r\ncontent-encoding: %b\r\ncontent-length: 2\r\n\r\n{}" % KEY.encode()
    with FaultServer(lambda each: (each.read_request(), each.send(sent))[1]) as server:
        client = BluejayClient(KEY, server.url, retries=0)
        with pytest.raises(BluejayError) as caught:
            client.retrieve("48213")
    assert MASK in str(caught.value)
    assert leaks(str(caught.value)) == []
