"""Clients as processes: their lives, what they are sent, and what ends them."""

import json
import os
import re
import shlex
import shutil
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.serve import clients
from contract_kit.serve.clients import Client, CommandClient, Outcome, PythonClient, WorkerClient
from contract_kit.serve.shims import Shim
from contract_kit.serve.workers import ClientProcess, request_of

from .command import Run
from .fakes import GET_ORDER, MODULE, Judge, is_gone, mutant
from .lives import interrupt, live
from .matrices.calls import ACTING

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contract-kit-programs.md").read_text()
READY = """echo '{"ready": true}'"""
LIVING = f"""{MODULE}
def call(url, *_):
    open(f"pids/{{os.getpid()}}", "w").close()
    match read(url):
        case b"hang": time.sleep(60)
        case b"exit": os._exit(3)

if __name__ == "__main__":
    call(os.environ["CONTRACT_KIT_URL"])
"""
LIVES = {
    "function": PythonClient("client:call"),
    "worker": WorkerClient((sys.executable, str(Shim.PYTHON.path), "client:call")),
    "command": CommandClient((sys.executable, "client.py")),
}


def shell(*steps: str) -> Client:
    return WorkerClient(("sh", "-c", "; ".join(steps)))


@pytest.mark.parametrize("kind", LIVES)
def test_a_process_that_hangs_or_crashes_is_replaced_and_none_remains(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("client.py").write_text(LIVING)
    live(LIVES[kind], is_worker=kind != "command")
    interrupt(LIVES[kind])


def test_a_function_with_one_argument_gets_the_full_request(
    row: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("client.py").write_text(ACTING)
    told: dict[str, Any] = {
        "path": "/orders/7",
        "headers": {"X-Tenant": "acme"},
        "parameters": {"path": {"id": "7"}, "query": {}, "header": {"X-Tenant": "acme"}, "cookie": {}},
        "arguments": {"id": "7", "X-Tenant": "acme", "body": None},
    }
    responses = {"200": {"content_type": "application/json", "schema": "Order"}}
    operation = evolve(GET_ORDER, request=evolve(GET_ORDER.request, **told), responses=responses)
    described = {"operation": "getOrder", "method": "GET", "template": "/orders/{id}", "body": None}
    expected = {**told, **described, "responses": responses, "url": "URL", "id": 1}
    found = row(PythonClient("client:one"), mutant("1", operation=operation))
    assert json.loads(found.returned.text) == expected
    assert request_of("URL", operation) == {name: each for name, each in expected.items() if name != "id"}


def test_a_client_can_have_another_time_zone(row: Judge, tmp_path: Path) -> None:
    command = ("sh", "-c", f"echo $TZ >> {tmp_path}/zones; {READY}")
    WorkerClient(command, timezone="America/Lima").caller(20).close()
    row(CommandClient(command, timezone="Asia/Tokyo"))
    assert (tmp_path / "zones").read_text().split() == ["America/Lima", "Asia/Tokyo"]


def test_processes_that_a_command_leaves_running_are_killed(row: Judge, tmp_path: Path) -> None:
    left = tmp_path / "pid"
    row(CommandClient(("sh", "-c", f"sleep 60 & echo $! > {left}")))
    assert is_gone(int(left.read_text()))


def test_an_endless_reply_ends_at_the_time_limit_and_uses_little_memory() -> None:
    caller = shell(READY, "read request", "cat /dev/zero").caller(0.2)
    tracemalloc.start()
    try:
        assert caller.call("http://url", GET_ORDER).outcome is Outcome.HUNG
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
        caller.close()


def test_nothing_is_received_after_the_deadline_even_if_more_has_arrived() -> None:
    process = ClientProcess(("echo", "more"), os.environ, talks=True)
    try:
        assert process.wait(20) == 0
        with pytest.raises(TimeoutError):
            process.receive(time.monotonic() - 1)
    finally:
        process.kill()
        process.close()


def test_a_worker_is_stopped_at_the_time_limit_if_it_does_not_read_its_request(row: Judge) -> None:
    """The request doesn't fit into the pipe, so writing it blocks."""
    request = evolve(GET_ORDER.request, arguments={"id": "7", "body": "x" * 1_000_000})
    given = mutant("1", operation=evolve(GET_ORDER, request=request))
    assert "took more than 0.2 s" in row(shell(READY, "sleep 60"), given, timeout=0.2).detail


@pytest.mark.parametrize(
    ("does", "datum"),
    [
        (f"{READY}; read request; echo '[]'; sleep 60", "'[]'"),
        (f"{READY}; read request; exec >&-; sleep 60", "stdout"),
        (f"exec <&-; {READY}; sleep 60", "stdin"),
        ("echo boom >&2; exit 3", "code 3: boom"),
        ("sleep 60", "0.2 s"),
    ],
)
def test_a_worker_that_breaks_the_protocol_is_killed_and_reported_in_one_line(
    row: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, datum: str
) -> None:
    if datum == "0.2 s":
        monkeypatch.setattr(clients, "START_SECONDS", 0.2)
    monkeypatch.setattr(clients, "END_SECONDS", 0.2 if "exec" in does else 10.0)
    pid = tmp_path / "pid"
    with pytest.raises(ClientUnusableError) as caught:
        row(shell(f"echo $$ > {pid}", does))
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)
    assert is_gone(int(pid.read_text()))


def test_a_command_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").touch()
    for command in ((), ("no-such-program",), (f"{tmp_path}/text",)):
        for kind in (WorkerClient, CommandClient):
            with pytest.raises(KitError, match="empty" if not command else command[0]):
                kind(command).caller(1)


def test_the_worker_in_the_documentation_runs_a_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: Run
) -> None:
    """The page's snippets are a worker that needs no shim, and the command that runs it."""
    worker = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
    command = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[-1]
    monkeypatch.chdir(shutil.copytree(ROOT / "examples" / "orders", tmp_path / "orders"))
    Path("worker.py").write_text(worker)
    words = shlex.split(command.replace("python ", f"{sys.executable} "))
    ended = kit(*words[1:], "--operation", "getOrder", "--json", "-")
    did = {name for name, count in json.loads(ended.out)["counts"].items() if count}
    assert (ended.code, ended.err) == (1, "")
    assert {"accepted", "wrongly accepted"} <= did
    assert not {"crashed", "hung", "inconclusive"} & did
