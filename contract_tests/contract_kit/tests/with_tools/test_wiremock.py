"""WireMock exports: a client gets the same responses from WireMock as from the kit's own server."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_kit.export import wiremock

from ..command import Run
from .serving import DOCUMENT, NODE_MODULES, Request, offered

HOP_BY_HOP = {
    "connection",
    "content-length",
    "date",
    "matched-stub-id",
    "matched-stub-name",
    "server",
    "transfer-encoding",
}


@pytest.fixture
def url(kit: Run) -> Iterator[str]:
    """Start a WireMock server for the export in the folder `mocks`, and yield its URL."""
    assert kit("export", DOCUMENT, "--to", "wiremock", "-o", "mocks").code == 0
    [jar] = (NODE_MODULES / "wiremock" / "build").glob("*.jar")
    options = ("--port", "0", "--bind-address", "127.0.0.1", "--disable-gzip", "--root-dir", "mocks")
    command = [shutil.which("java") or "java", "-jar", str(jar), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ports = (re.match(r"port: +(\d+)", line) for line in process.stdout)
            yield f"http://127.0.0.1:{next(filter(None, ports))[1]}"
        finally:
            process.kill()


def received(url: str, request: Request) -> Any:
    try:
        response = httpx.request(
            request["method"], url, headers=request["headers"], content=request["body"], timeout=60
        )
    except httpx.RequestError:
        return "error"
    headers = {name: value for name, value in response.headers.items() if name not in HOP_BY_HOP}
    return response.status_code, headers, response.content


def test_wiremock_and_the_kits_server_send_the_same_responses_in_the_same_order(url: str) -> None:
    with offered(wiremock.obstacle) as requests:
        turns = [each for each in requests for _ in range(each["responses"])]
        real = [received(each["url"], each) for each in turns]
        mocked = [received(f"{url}/v1{each['path']}", each) for each in turns]
    both = zip(turns, real, mocked, strict=True)
    assert [(turn["id"], *each) for turn, *each in both if each[0] != each[1]] == []
    assert len(turns) > 400


def test_a_wiremock_scenarios_state_selects_the_mutant(url: str) -> None:
    mutants = json.loads(Path("mocks/mutants.json").read_bytes())["mutants"]
    chosen = next(
        each for each in mutants if each["id"].endswith("not-json") and each["operation"] == "getOrder"
    )
    state = f"{url}/__admin/scenarios/{chosen['scenario']}/state"
    assert httpx.put(state, json={"state": chosen["state"]}).status_code == 200
    assert httpx.get(f"{url}/orders/7").text.startswith("<!doctype html>")
