"""The stub as a server: its port, its thread, and how it stops."""

import asyncio
import re
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub

RUN = "/v1/retrieve-simulation-results/run-1"
HEADERS = {"X-API-Key": "test-key"}


def get(stub: Stub) -> httpx.Response:
    return httpx.get(stub.url + RUN, headers=HEADERS, trust_env=False)


def stub_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bluejay-stub"]


def test_a_stub_listens_only_on_127_0_0_1() -> None:
    with Stub() as stub, pytest.raises(OSError, match=r"refused|timed out|unreachable"):
        socket.create_connection(("127.0.0.2", urlsplit(stub.url).port or 0), timeout=5)


def test_a_stub_has_a_url_on_loopback_only_while_it_runs() -> None:
    stub = Stub()
    for _ in range(2):  # it can be started again
        with pytest.raises(RuntimeError, match="the stub is not running"):
            _ = stub.url
        with stub:
            url = stub.url
            assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", url)
            assert get(stub).status_code == 404
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, trust_env=False)
    with Stub(port=urlsplit(url).port or 0) as again:
        assert again.url == url
        with pytest.raises(OSError, match="in use"):
            Stub(port=urlsplit(url).port or 0).__enter__()


def test_stubs_at_the_same_time_share_nothing() -> None:
    with Stub() as one, Stub() as two:
        one.serve("run-1", Answer(b"one"))
        two.serve("run-1", Answer(b"two"))
        assert get(one).content == b"one"
        assert get(two).content == b"two"
        assert len(one.requests) == 1


def test_neither_an_open_connection_nor_an_error_delays_the_stop_of_a_stub() -> None:
    before = stub_threads()
    with httpx.Client(trust_env=False) as client:
        with Stub() as stub:
            client.get(stub.url)
        with pytest.raises(LookupError), Stub():
            raise LookupError
        assert stub_threads() == before


@pytest.mark.parametrize(
    "answer",
    [Answer(bytes(50_000_000), authenticated=False), Answer(delay=60, authenticated=False)],
    ids=["never read", "delayed"],
)
def test_an_answer_that_is_not_finished_does_not_delay_the_stop_of_a_stub(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    before = stub_threads()
    with socket.socket() as waiting:
        with Stub() as stub:
            stub.serve("run-1", answer)
            waiting.connect(("127.0.0.1", urlsplit(stub.url).port))
            waiting.sendall(f"GET {RUN} HTTP/1.1\r\nHost: stub\r\n\r\n".encode())
            while not stub.requests:
                time.sleep(0.01)
        assert stub_threads() == before
        assert caplog.messages == []  # uvicorn complains of a request that it has to cancel


def test_a_stub_serves_the_event_loop_that_started_it() -> None:
    """The server has a loop and a thread of its own, so a coroutine may wait for it."""

    async def fetch() -> int:
        with Stub() as stub:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(stub.url + RUN, headers=HEADERS)).status_code

    assert asyncio.run(fetch()) == 404
