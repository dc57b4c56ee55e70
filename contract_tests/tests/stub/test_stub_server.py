"""The stub as a server: its port, its thread, and how it stops."""

import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub

RUN = "/v1/retrieve-simulation-results/run-1"


def stub_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bluejay-stub"]


def test_a_stub_listens_only_on_127_0_0_1() -> None:
    with Stub() as stub, pytest.raises(OSError, match=r"refused|timed out|unreachable"):
        socket.create_connection(("127.0.0.2", urlsplit(stub.url).port or 0), timeout=5)


def test_a_stub_cannot_be_reached_before_it_starts_or_after_it_stops() -> None:
    stub = Stub()
    for _ in range(2):  # a stub can be started again
        with pytest.raises(RuntimeError, match="the stub is not running"):
            _ = stub.url
        with stub:
            url = stub.url
            assert httpx.get(url, trust_env=False).status_code == 404
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, trust_env=False)
    with Stub(port=urlsplit(url).port or 0) as again:
        assert again.url == url
        with pytest.raises(OSError, match="in use"):
            Stub(port=urlsplit(url).port or 0).__enter__()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(bytes(50_000_000), authenticated=False),
        Answer(delay=60, authenticated=False),
        Answer(authenticated=False),
    ],
    ids=["never read", "delayed", "kept connection"],
)
def test_an_unfinished_answer_does_not_delay_stopping_a_stub(
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
        assert caplog.messages == []  # uvicorn would log a request that it had to cancel
