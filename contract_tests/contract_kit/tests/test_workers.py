"""Workers: what they receive, and what happens if a worker exits, hangs or breaks the protocol."""

import json
import os
import re
import shlex
import shutil
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.client_run import run_client
from contract_kit.serve import clients
from contract_kit.serve.clients import Call, Client, Outcome, WorkerClient
from contract_kit.serve.returned import Returned
from contract_kit.serve.server import KitServer
from contract_kit.serve.workers import ClientProcess, Worker, request_of

from .command import Run
from .fakes import GET_ORDER, FakeCatalogue, Judge, is_gone, mutant

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "contract-kit-programs.md").read_text()
READY = """echo '{"ready": true}'"""
ACCEPTED = """echo '{"id": 1, "outcome": "accepted"}'"""
REQUESTING = """\
import json, os, sys, urllib.request
print('{"ready": true}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    urllib.request.urlopen(request["url"] + request["path"]).close()
    reply = {"id": request["id"], "outcome": "accepted"}
"""
"""The beginning of the code of a worker that requests each mutant."""


def shell(*steps: str) -> Client:
    return WorkerClient(("sh", "-c", "; ".join(steps)))


def python(*ends: str) -> Client:
    script = REQUESTING + "".join(f"    {line}\n" for line in ends)
    return WorkerClient((sys.executable, "-c", script))


def test_the_kit_sends_the_full_request_to_a_worker() -> None:
    told: dict[str, Any] = {
        "path": "/orders/7",
        "headers": {"X-Tenant": "acme"},
        "parameters": {"path": {"id": "7"}, "query": {}, "header": {"X-Tenant": "acme"}, "cookie": {}},
        "arguments": {"id": "7", "X-Tenant": "acme", "body": None},
    }
    request = evolve(GET_ORDER.request, **told)
    described = {"operation": "getOrder", "method": "GET", "template": "/orders/{id}", "body": None}
    responses = {"200": {"content_type": "application/json", "schema": "Order"}}
    found = request_of("http://url", evolve(GET_ORDER, request=request, responses=responses))
    assert found == told | described | {"url": "http://url", "responses": responses}


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("'no'", "no"), ("None", ""), ("7", "7"), ("'first\\nsecond'", "first"), ("'x' * 999", "x" * 200)],
    ids=["text", "null", "number", "two lines", "long"],
)
def test_a_reply_contains_the_calls_outcome_and_detail(row: Judge, detail: str, shown: str) -> None:
    reply = f"reply | {{'outcome': 'refused', 'detail': {detail}}}"
    found = row(python(f"print(json.dumps({reply}), flush=True)"))
    assert found.outcome == Outcome.REFUSED
    assert found.detail == shown


class Answering:
    """A fake process that replies with a given line."""

    def __init__(self, line: str) -> None:
        self.line = f"{line}\n".encode()

    def send(self, _data: bytes, _end: float) -> None:
        pass

    def receive(self, _end: float) -> bytes:
        return self.line


@pytest.mark.parametrize(
    ("fields", "returned"),
    [
        ("", Returned()),
        (', "result": null', Returned("null")),
        (', "result": {"a": [1.10, 1e400, "}"]}', Returned('{"a": [1.10, 1e400, "}"]}')),
        (', "not_comparable": "a cycle\\nmore"', Returned("", "a cycle")),
    ],
    ids=["nothing", "null", "exact text", "not comparable"],
)
def test_a_reply_contains_the_exact_text_of_the_clients_result(fields: str, returned: Returned) -> None:
    process = Answering(f'{{"id" : 1,\t"outcome": "accepted"{fields} , "detail": ""}} ')
    assert Worker(cast("ClientProcess", process)).ask({}, 1) == ("accepted", "", returned)


LONG = "over 1,000,000 bytes"
DEEP = "nested too deep"


@pytest.mark.parametrize(
    ("reply", "outcome", "reason"),
    [
        ('"id": {id}, "outcome": "accepted", "result": "{many}"', "accepted", LONG),
        ('"id": {id}, "outcome": "accepted", "result": "{many}', "accepted", LONG),
        ('"id": {id}, "outcome": "refused", "result": "{many}"', "refused", LONG),
        ('"result": "{many}", "id": {id}, "outcome": "accepted"', "inconclusive", LONG),
        ('"id": {id}, "outcome": "accepted", "result": {deep}', "accepted", DEEP),
        ('"result": {deep}, "id": {id}, "outcome": "accepted"', "inconclusive", DEEP),
    ],
    ids=["result last", "not JSON", "refused", "result first", "deep", "deep first"],
)
def test_a_reply_that_is_too_large_or_too_deep_does_not_end_the_run(
    reply: str, outcome: str, reason: str
) -> None:
    """The outcome is used if it comes first in the reply. The next reply is read as usual."""
    subject = python(
        f"line = {reply!r}.replace('{{id}}', str(reply['id']))",
        "line = line.replace('{many}', 'x' * 50_000_000).replace('{deep}', '[' * 5000 + ']' * 5000)",
        "print('{' + line + '}' if reply['id'] == 1 else json.dumps(reply), flush=True)",
    )
    with KitServer(FakeCatalogue((mutant("1"),))) as server:
        caller = subject.caller(20)
        try:
            found = [caller.call(server.url, GET_ORDER) for _ in range(2)]
        finally:
            caller.close()
    assert found[0].outcome == outcome
    assert reason in found[0].detail + found[0].returned.not_comparable
    assert found[1] == Call(Outcome.ACCEPTED)


def test_an_endless_reply_ends_at_the_time_limit_and_uses_little_memory() -> None:
    caller = shell(READY, "read request", "cat /dev/zero").caller(1)
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


def test_a_single_worker_process_answers_all_requests() -> None:
    subject = python("print(json.dumps(reply | {'detail': str(os.getpid())}), flush=True)")
    found = run_client(FakeCatalogue((mutant("1"), mutant("2"))), subject, jobs=1).all
    assert [each.outcome for each in found] == ["accepted", "accepted"]
    assert found[0].detail == found[1].detail


def test_a_worker_is_stopped_at_the_time_limit_if_it_does_not_read_its_request(row: Judge) -> None:
    """The request doesn't fit into the pipe, so writing it blocks."""
    request = evolve(GET_ORDER.request, arguments={"id": "7", "body": "x" * 1_000_000})
    given = mutant("1", operation=evolve(GET_ORDER, request=request))
    assert "took more than 0.5 s" in row(shell(READY, "sleep 60"), given, timeout=0.5).detail


def test_writing_a_request_and_waiting_for_its_reply_share_one_time_limit() -> None:
    limits: list[float] = []

    class Process:
        def send(self, _data: bytes, end: float) -> None:
            limits.append(end)

        def receive(self, end: float) -> bytes:
            limits.append(end)
            return b'{"id": 1, "outcome": "accepted"}\n'

    Worker(cast("ClientProcess", Process())).ask({}, 0.5)
    assert limits == limits[:1] * 2


def test_a_worker_that_replies_twice_ends_the_run() -> None:
    twice = python("""os.write(1, f"{json.dumps(reply)}\\n".encode() * 2)""")
    with pytest.raises(ClientUnusableError, match="1 twice"):
        run_client(FakeCatalogue((mutant("1"), mutant("2"))), twice, jobs=1)


BROKEN = {
    "echo '[]'": "'[]'",
    """echo '{"id": 1}'""": '{"id": 1}',
    "printf '\\377\\n'": "reply",
    ACCEPTED.replace("1", "9"): "'9'",
    ACCEPTED.replace("accepted", "fine"): "'fine'",
    "exec >&-; sleep 60": "stdout",
}
"""Commands that a worker runs instead of replying, and a text that the error must contain."""


@pytest.mark.parametrize(
    ("does", "error", "datum"),
    [
        *((f"{READY}; read request; {does}", ClientUnusableError, datum) for does, datum in BROKEN.items()),
        ("echo boom >&2; exit 3", ClientUnusableError, "code 3: boom"),
        ("echo listening; sleep 60", ClientUnusableError, "'listening'"),
        ("""echo '{"unusable": "No licence."}'""", ClientUnusableError, "No licence."),
        ("""echo '{"usage": "Name the adapter."}'""", KitError, "Name the adapter."),
        (f"exec <&-; {READY}; sleep 60", ClientUnusableError, "stdin"),
        ("sleep 60", ClientUnusableError, "2 s"),
    ],
)
def test_a_worker_that_fails_or_breaks_the_protocol_is_reported_in_one_line(
    row: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, error: type[KitError], datum: str
) -> None:
    if does == "sleep 60":
        monkeypatch.setattr(clients, "START_SECONDS", 2.0)
    if "exec" in does:
        monkeypatch.setattr(clients, "END_SECONDS", 0.5)
    pid = tmp_path / "pid"
    with pytest.raises(KitError) as caught:
        row(shell(f"echo $$ > {pid}", does))
    assert caught.type is error
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)
    assert is_gone(int(pid.read_text()))


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
