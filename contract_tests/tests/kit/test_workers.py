"""Workers: what they receive, and how a worker is judged that ends, hangs or breaks the protocol."""

import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import cast

import pytest
from attrs import evolve
from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.matrix import Row
from contract_kit.judge.proof import prove
from contract_kit.serve import clients
from contract_kit.serve.clients import Client, Outcome, PythonClient, WorkerClient
from contract_kit.serve.workers import ClientProcess, Worker

from .calls import MODULE, Judge, Write, is_gone
from .command import Run
from .fakes import GET_ORDER, FakeCatalogue, mutant

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "contract-kit-worker.md").read_text()
READY = """echo '{"ready": true}'"""
BELIEVED = """echo '{"id": 1, "outcome": "believed"}'"""
REQUESTING = """\
import json, os, sys, urllib.request
print('{"ready": true}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    urllib.request.urlopen(request["url"] + request["path"]).close()
    reply = {"id": request["id"], "outcome": "believed"}
"""
"""The start of a worker that requests each mutant."""


def shell(*steps: str) -> Client:
    return WorkerClient(("sh", "-c", "; ".join(steps)))


def python(*ends: str) -> Client:
    script = REQUESTING + "".join(f"    {line}\n" for line in ends)
    return WorkerClient((sys.executable, "-c", script))


def rows(client: Client) -> tuple[Row, ...]:
    return prove(FakeCatalogue((mutant("1"), mutant("2"))), client, jobs=1).rows


def test_a_worker_gets_everything_needed_to_send_the_request(row: Judge, client: Write) -> None:
    client("")
    function = "def call(request): open('request', 'w').write(json.dumps(request))\n"
    Path("client.py").write_text(MODULE + function)
    parameters = {"path": {"id": "7"}, "query": {}, "header": {"X-Tenant": "acme"}, "cookie": {}}
    request = evolve(
        GET_ORDER.request,
        headers={"X-Tenant": "acme"},
        parameters=parameters,
        arguments={"id": "7", "X-Tenant": "acme", "body": None},
    )
    given = mutant("1", operation=evolve(GET_ORDER, request=request))
    row(PythonClient("client:call"), given)
    told = json.loads(Path("request").read_text())
    assert told.pop("url").endswith(f"/mutant/{given.key}")
    assert told == {
        "id": 1,
        "operation": "getOrder",
        "method": "GET",
        "template": "/orders/{id}",
        "path": "/orders/7",
        "headers": {"X-Tenant": "acme"},
        "parameters": parameters,
        "arguments": {"id": "7", "X-Tenant": "acme", "body": None},
        "body": None,
    }


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("'no'", "no"), ("None", ""), ("7", "7"), ("'first\\nsecond'", "first"), ("'x' * 999", "x" * 200)],
    ids=["text", "null", "number", "two lines", "long"],
)
def test_a_reply_gives_the_outcome_and_the_detail_of_the_call(row: Judge, detail: str, shown: str) -> None:
    reply = f"reply | {{'outcome': 'refused', 'detail': {detail}}}"
    found = row(python(f"print(json.dumps({reply}), flush=True)"))
    assert found.outcome == Outcome.REFUSED
    assert found.detail == shown


def test_one_process_answers_all_requests() -> None:
    found = rows(python("print(json.dumps(reply | {'detail': str(os.getpid())}), flush=True)"))
    assert [each.outcome for each in found] == ["believed", "believed"]
    assert found[0].detail == found[1].detail


def test_a_worker_that_ends_after_its_reply_does_not_affect_the_next_mutant() -> None:
    found = rows(python("print(json.dumps(reply), flush=True)", "sys.exit(3)"))
    assert [each.outcome for each in found] == ["believed", "believed"]


def test_a_worker_that_ends_before_it_sends_a_request_counts_as_crashed(row: Judge) -> None:
    found = row(shell(READY, "read request", "exit 3"))
    assert found.outcome == "crashed"
    assert found.detail.partition("(")[2] == "ended its process with exit code 3)"


def test_a_worker_that_does_not_read_a_long_request_counts_as_hung(row: Judge) -> None:
    """The pipe to the worker is full, so that writing blocks."""
    request = evolve(GET_ORDER.request, arguments={"id": "7", "body": "x" * 1_000_000})
    given = mutant("1", operation=evolve(GET_ORDER, request=request))
    assert row(shell(READY, "sleep 60"), given, timeout=0.5).outcome is Outcome.HUNG


def test_writing_a_request_and_waiting_for_its_reply_share_one_time_limit() -> None:
    limits: list[float] = []

    class Process:
        def send(self, _data: bytes, end: float) -> None:
            limits.append(end)

        def receive(self, end: float) -> bytes:
            limits.append(end)
            return b'{"id": 1, "outcome": "believed"}\n'

    Worker(cast("ClientProcess", Process())).ask({}, 0.5)
    assert limits == limits[:1] * 2


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("echo hello", "The worker wrote 'hello' to stdout, which isn't a reply. Only the protocol may use"),
        ("echo '[]'", "The worker wrote '[]' to stdout, which isn't a reply."),
        ("""echo '{"id": 1}'""", "which isn't a reply."),
        ("printf '\\377\\n'", "which isn't a reply."),
        ("head -c 1100000 /dev/zero", "The worker wrote a line of over 1,000,000 bytes to stdout."),
        (BELIEVED.replace("1", "9"), "The worker answered request '9' instead of request 1."),
        (BELIEVED.replace("believed", "fine"), "gave the outcome 'fine'. An outcome is believed, refused or"),
        ("exec >&-; sleep 60", "The worker closed stdin or stdout but is still running. Leave both open."),
    ],
    ids=["garbage", "no object", "no outcome", "no UTF-8", "huge", "wrong id", "unknown outcome", "closed"],
)
def test_a_worker_that_breaks_the_protocol_ends_the_run_with_one_line(
    row: Judge, monkeypatch: pytest.MonkeyPatch, does: str, says: str
) -> None:
    monkeypatch.setattr(clients, "END_SECONDS", 0.5)
    with pytest.raises(ClientUnusableError) as caught:
        row(shell(READY, "read request", does))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_worker_that_closes_stdin_but_keeps_running_ends_the_run(
    row: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "END_SECONDS", 0.5)
    with pytest.raises(ClientUnusableError, match="The worker closed stdin or stdout but is still running"):
        row(shell("exec <&-", READY, "sleep 60"))


def test_a_worker_that_answers_twice_ends_the_run_with_one_line() -> None:
    says = r"^The worker answered request 1 twice\. Each request gets one reply\.$"
    with pytest.raises(ClientUnusableError, match=says):
        rows(python("""os.write(1, f"{json.dumps(reply)}\\n".encode() * 2)"""))


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("echo boom >&2; exit 3", "it ended its process with exit code 3: boom."),
        ("kill -9 $$", "it was killed by SIGKILL."),
        ("echo listening", """The worker wrote 'listening' to stdout before {"ready": true}."""),
        ("""echo '{"unusable": "No licence."}'""", "No licence."),
    ],
)
def test_a_worker_that_fails_to_start_is_reported_in_one_line(row: Judge, does: str, says: str) -> None:
    with pytest.raises(ClientUnusableError) as caught:
        row(shell(does))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_worker_that_is_never_ready_is_refused(row: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "START_SECONDS", 1.0)
    with pytest.raises(ClientUnusableError, match=r"was not ready after 1 s\. A worker first writes"):
        row(shell("sleep 60"))


def test_a_worker_reports_that_its_command_line_is_wrong(row: Judge) -> None:
    with pytest.raises(KitError, match=r"^Name the adapter\.$") as caught:
        row(shell("""echo '{"usage": "Name the adapter."}'"""))
    assert caught.type is KitError


def test_a_worker_that_was_never_ready_is_killed(row: Judge, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    with pytest.raises(ClientUnusableError):
        row(shell(f"echo $$ > {pid}", "echo listening", "sleep 60"))
    assert is_gone(int(pid.read_text()))


def test_the_documented_worker_proves_a_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: Run
) -> None:
    """The last snippets of the page: a worker that needs no shim, and the command that runs it."""
    worker = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[-1]
    command = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[-1]
    monkeypatch.chdir(shutil.copytree(ROOT / "examples" / "orders", tmp_path / "orders"))
    Path("worker.py").write_text(worker)
    words = shlex.split(command.replace("python ", f"{sys.executable} "))
    ended = kit(*words[1:], "--operation", "getOrder", "--json", "-")
    counts = json.loads(ended.out)["counts"]
    assert ended.code == 1
    assert ended.err == ""
    assert counts["believed"] > 0
    assert counts["accepted"] > 0
    assert not {"crashed", "hung", "inconclusive"} & {name for name, count in counts.items() if count}
