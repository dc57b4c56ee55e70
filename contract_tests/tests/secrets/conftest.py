"""A stub that accepts the canary as its key, and one interface for both clients."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import AsyncBluejayClient, BluejayClient

from ..faults._certificates import Certificate, tls
from ..faults._scripts import ends_after, silent
from ..faults._server import Door, FaultServer
from ..overlay.conftest import ManualClock, Reader
from ..passed_in import HTTP_CLIENTS
from .canary import KEY
from .scenes import Scene

KINDS: dict[str, Any] = {"sync": BluejayClient, "async": AsyncBluejayClient}


@pytest.fixture(scope="session")
def stub() -> Iterator[Stub]:
    """A stub that accepts the canary and no other key."""
    with Stub(api_key=KEY) as running:
        yield running


@pytest.fixture(scope="session")
def urls() -> Iterator[dict[str, str]]:
    """The URLs of the misbehaving servers."""
    servers = {
        "garbled": FaultServer(ends_after(b"SSH-2.0-OpenSSH\r\n")),
        "echoing": FaultServer(ends_after(b"HTTP/1.1 key " + KEY.encode() + b"\r\n\r\n")),
        "broken off": FaultServer(ends_after(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")),
        "silent": FaultServer(silent),
        "untrusted": FaultServer(silent, tls=tls(Certificate.VALID)),
        "closed": FaultServer(silent, door=Door.SHUT),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(server).url for name, server in servers.items()}


@pytest.fixture(scope="session")
def play(stub: Stub, urls: dict[str, str]) -> Callable[[Scene, str], object]:
    """Return a function that makes the call of a scene with either client."""

    def play(scene: Scene, kind: str) -> object:
        if scene.method == "queue":
            stub.serve_queue(*scene.answers)
        elif scene.method == "retrieve_result":
            stub.serve_result(scene.run_id, *scene.answers)
        elif scene.method == "runs":
            stub.serve_runs(scene.run_id, *scene.answers)
        elif scene.run_id != "unknown":
            stub.serve(scene.run_id, *scene.answers)
        url = urls[scene.server] if scene.server else stub.url
        client = KINDS[kind]
        own = partial(HTTP_CLIENTS[client], transport=scene.transport) if scene.transport else None
        usual: dict[str, Any] = {"api_key": KEY, "base_url": url, "clock": ManualClock(), "http": own}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONASYNCIODEBUG", "1")
            for name, value in scene.environment.items():
                patch.setenv(name, value)
            reader = Reader(client, **usual | scene.settings)
            return reader.call(scene.method, scene.run_id, **scene.options)

    return play
