"""What a client does with a mutant, and what that comes to."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from contract_kit import clients
from contract_kit.clients import Client, CommandClient, Outcome, PythonClient
from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.matrix import Comparison, Matrix, Row, Verdict, listing, verdict
from contract_kit.model import Expect, Mutant, Skipped
from contract_kit.prove import judge, prove
from contract_kit.server import KitServer

from .fakes import LIST_ORDERS, ORDER, FakeCatalogue, mutant, orders

BROKEN = mutant("broken")
LEGAL = mutant("legal", ORDER, keyword=None, expect=Expect.ACCEPT)
EITHER = mutant("either", ORDER, expect=Expect.EITHER, reason="it may be new")
MODULE = """\
import json, os, subprocess, sys, time, urllib.request

class RefusedError(Exception): pass

class Names:
    class InnerError(Exception): pass

def read(url):
    with urllib.request.urlopen(url + "/orders/7") as response:
        return response.read()

"""

Write: TypeAlias = Callable[..., Client]
Judge: TypeAlias = Callable[..., Row]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a function `call(url, operation, arguments)` with this body to a module, and name it."""
    monkeypatch.chdir(tmp_path)

    def write(body: str, *refuses: str) -> Client:
        function = f"def call(url, operation, arguments):\n{textwrap.indent(body, '    ')}\n"
        Path("client.py").write_text(MODULE + function)
        return PythonClient("client:call", refuses or ("client:RefusedError",))

    return write


@pytest.fixture(scope="module")
def server() -> Iterator[KitServer]:
    with KitServer(FakeCatalogue(())) as running:
        yield running


@pytest.fixture
def row(server: KitServer) -> Iterator[Judge]:
    """Call a client once, with a mutant, and return the row."""
    with ExitStack() as stack:

        def call(client: Client, given: Mutant = BROKEN, timeout: float = 20) -> Row:
            caller = client.caller(timeout)
            stack.callback(caller.close)
            return judge(server, caller, given)

        yield call


@pytest.mark.parametrize(
    ("expect", "outcome", "is_"),
    [
        (Expect.REFUSE, Outcome.REFUSED, Verdict.REFUSED),
        (Expect.REFUSE, Outcome.BELIEVED, Verdict.BELIEVED),
        (Expect.ACCEPT, Outcome.BELIEVED, Verdict.ACCEPTED),
        (Expect.ACCEPT, Outcome.REFUSED, Verdict.WRONGLY_REFUSED),
        (Expect.EITHER, Outcome.BELIEVED, Verdict.TOLERATED),
        (Expect.EITHER, Outcome.REFUSED, Verdict.TOLERATED),
        *((expect, Outcome.CRASHED, Verdict.CRASHED) for expect in Expect),
        *((expect, Outcome.HUNG, Verdict.HUNG) for expect in Expect),
    ],
)
def test_what_an_outcome_comes_to(expect: Expect, outcome: Outcome, is_: Verdict) -> None:
    assert verdict(expect, outcome) is is_


def test_only_what_a_client_must_not_do_is_a_fault() -> None:
    assert {each for each in Verdict if each.bad} == {
        Verdict.BELIEVED,
        Verdict.CRASHED,
        Verdict.HUNG,
        Verdict.WRONGLY_REFUSED,
    }


def test_a_client_that_returns_believed_the_response(row: Judge, client: Write) -> None:
    assert row(client("return read(url)")).outcome is Outcome.BELIEVED


def test_a_coroutine_function_is_awaited(row: Judge, client: Write) -> None:
    client("")
    body = "async def call(url, operation, arguments):\n    read(url)\n    raise RefusedError('no')\n"
    Path("client.py").write_text(MODULE + body)
    assert row(PythonClient("client:call", ("client:RefusedError",))).detail == "RefusedError: no"


def test_all_coroutines_run_in_one_event_loop(client: Write) -> None:
    """A client that keeps its connections open depends on it."""
    client("")
    body = (
        "import asyncio\nasync def call(*_):\n    raise RuntimeError(str(id(asyncio.get_running_loop())))\n"
    )
    Path("client.py").write_text(body)
    matrix = prove(orders(), PythonClient("client:call"), jobs=1)
    assert len({each.detail for each in matrix.rows}) == 1


@pytest.mark.parametrize("error", ["RefusedError", "Names.InnerError"])
def test_a_client_that_raises_what_it_refuses_with_refused_it(row: Judge, client: Write, error: str) -> None:
    subject = client(
        f"read(url); raise {error}('wrong type\\nmore')", "client:RefusedError", f"client:{error}"
    )
    found = row(subject)
    assert (found.outcome, found.detail) == (Outcome.REFUSED, f"{error.rpartition('.')[2]}: wrong type")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("raise KeyError('id')", "KeyError: 'id'"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise MemoryError", "MemoryError"),
        ("return call(url, operation, arguments)", "RecursionError: maximum recursion depth exceeded"),
        ("os._exit(3)", "ended its process with exit code 3"),
        ("os.kill(os.getpid(), 9)", "was killed by SIGKILL"),
        ("os.write(2, b'FatalError: bad\\nbye\\n'); os._exit(1)", "exit code 1: FatalError: bad"),
    ],
)
def test_a_client_that_ends_in_any_other_way_crashed(
    row: Judge, client: Write, body: str, detail: str
) -> None:
    found = row(client(f"read(url)\n{body}"))
    assert found.outcome is Outcome.CRASHED
    assert detail in found.detail


def test_an_exception_whose_message_can_not_be_read_is_still_a_crash(row: Judge, client: Write) -> None:
    body = "read(url)\nclass Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd"
    assert row(client(body)).detail == "Odd: its message can't be read: ValueError"


def test_a_client_that_takes_too_long_hung(row: Judge, client: Write) -> None:
    found = row(client("read(url); time.sleep(60)"), timeout=0.5)
    assert (found.outcome, found.detail) == (Outcome.HUNG, "took over 0.5 s")


def test_what_follows_a_hang_or_a_death_goes_to_a_new_process(client: Write) -> None:
    subject = client("data = read(url)\nif data == b'hang': time.sleep(60)\nif data == b'die': os._exit(1)")
    given = (mutant("1", b"hang"), mutant("2"), mutant("3", b"die"), mutant("4"))
    matrix = prove(FakeCatalogue(given), subject, jobs=1, timeout=1)
    assert [each.outcome for each in matrix.rows] == ["hung", "believed", "crashed", "believed"]


@pytest.mark.parametrize(
    "body",
    [
        'print(\'{"outcome": "refused"}\')',
        "os.write(1, b'x' * 1_000_000)",
        "os.write(2, b'x' * 1_000_000)",
        "sys.stdin.read()",
        "sys.stdout.close()",
    ],
)
def test_what_a_client_does_with_its_streams_confuses_nobody(
    row: Judge, client: Write, capfd: pytest.CaptureFixture[str], body: str
) -> None:
    assert row(client(f"read(url)\n{body}")).outcome is Outcome.BELIEVED
    assert capfd.readouterr() == ("", "")


def test_a_client_gets_the_operation_and_a_valid_call_of_it(row: Judge, client: Write) -> None:
    found = row(client("read(url); raise RefusedError(operation + json.dumps(arguments))"))
    assert found.detail == 'RefusedError: getOrder{"id": "7"}'


def test_a_proxy_of_the_environment_does_not_get_in_between(
    row: Judge, client: Write, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    monkeypatch.setenv("http_proxy", closed)
    assert row(client("read(url)")).outcome is Outcome.BELIEVED


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("pass", "the client sent no request below the URL that it was given, with its path"),
        (
            "raise KeyError",
            "the client sent no request below the URL that it was given, with its path (KeyError)",
        ),
        (
            "raise RefusedError",
            "the client sent no request below the URL that it was given, with its path (RefusedError)",
        ),
        ("read(url + '/v1')", "the client requested GET /v1/orders/7, which the document doesn't have ("),
    ],
)
def test_a_client_that_never_requested_the_mutant_crashed(
    row: Judge, client: Write, body: str, detail: str
) -> None:
    found = row(client(body))
    assert found.outcome is Outcome.CRASHED
    assert found.detail.startswith(detail)


def test_rows_are_in_the_order_of_the_mutants(client: Write) -> None:
    subject = client("if read(url) == b'slow': time.sleep(0.3)")
    given = [mutant(f"{number}", b"slow" if number % 5 == 0 else b"") for number in range(20)]
    matrix = prove(FakeCatalogue(tuple(given)), subject, jobs=3)
    assert [each.id for each in matrix.rows] == [each.id for each in given]


def test_mutants_are_taken_as_they_are_needed(client: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """So memory does not grow with their number."""
    taken: list[int] = []
    ahead: list[int] = []

    def endless(*_: object) -> object:
        for number in range(300):
            taken.append(number)
            yield mutant(f"{number}")

    monkeypatch.setattr(FakeCatalogue, "mutants", endless)
    subject = client("read(url)")
    prove(FakeCatalogue(()), subject, progress=lambda _: ahead.append(len(taken) - len(ahead)))
    assert max(ahead) < 50


def test_only_the_operations_and_the_sample_that_are_asked_for_are_served(client: Write) -> None:
    given = FakeCatalogue((mutant("1"), mutant("2", operation=LIST_ORDERS), mutant("3"), mutant("4")))
    matrix = prove(given, client("read(url)"), ["getOrder"], 2)
    assert [each.id for each in matrix.rows] == ["1", "3"]


def test_an_error_of_the_catalogue_ends_it_all(client: Write) -> None:
    with pytest.raises(KitError, match="There is no operation nope"):
        prove(orders(), client("read(url)"), ["nope"])


@pytest.mark.parametrize(
    ("module", "function", "refuses", "says"),
    [
        ("", "missing:call", "client:Error", "Can't import missing: ModuleNotFoundError: No module named"),
        ("", "client:missing", "client:Error", "client has no missing."),
        ("call = 7", "client:call", "client:Error", "client:call is no function. It is int."),
        ("def call(url): ...", "client:call", "client:Error", "It takes (url)."),
        ("def call(*_): ...", "client:call", "client:Error", "client has no Error."),
        (
            "def call(*_): ...\nError = 7",
            "client:call",
            "client:Error",
            "client:Error is no exception class.",
        ),
        ("def call(", "client:call", "client:Error", "Can't import client: SyntaxError: "),
        ("raise SystemExit(0)", "client:call", "client:Error", "Can't import client: SystemExit: 0"),
        ("import os; os._exit(3)", "client:call", "client:Error", "it ended its process with exit code 3."),
        (
            "import time; time.sleep(60)",
            "client:call",
            "client:Error",
            "Importing client:call took over 1 s.",
        ),
    ],
)
def test_a_client_that_can_not_be_called_is_told_in_one_line(
    client: Write, monkeypatch: pytest.MonkeyPatch, module: str, function: str, refuses: str, says: str
) -> None:
    monkeypatch.setattr(clients, "IMPORT_SECONDS", 1.0)
    client("")
    Path("client.py").write_text(module)
    with pytest.raises(ClientUnusableError) as caught:
        PythonClient(function, (refuses,)).caller(1)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["client", "client:", ":call", "client.call", "client:call()", "client.py:x y"]
)
def test_a_name_that_names_nothing_in_python_is_wrong_usage(name: str) -> None:
    with pytest.raises(KitError, match=r"Write it as package\.module:name"):
        PythonClient(name).caller(1)


def shell(script: str) -> Client:
    return CommandClient(("sh", "-c", script))


REQUEST = (
    'python3 -c \'import os, urllib.request as r; r.urlopen(os.environ["CONTRACT_KIT_URL"] + "/orders/7")\''
)


@pytest.mark.parametrize(
    ("script", "outcome", "detail"),
    [
        ("exit 0", Outcome.BELIEVED, ""),
        ("echo no >&2; exit 10", Outcome.REFUSED, "no"),
        ("exit 1", Outcome.CRASHED, "ended its process with exit code 1"),
        ("kill -9 $$", Outcome.CRASHED, "was killed by SIGKILL"),
        (
            "echo 'TypeError: x' >&2; echo 'Node v20' >&2; exit 1",
            Outcome.CRASHED,
            "ended its process with exit code 1: TypeError: x",
        ),
        ("echo stdout", Outcome.BELIEVED, ""),
    ],
)
def test_how_a_command_ends_is_its_outcome(
    row: Judge, capfd: pytest.CaptureFixture[str], script: str, outcome: Outcome, detail: str
) -> None:
    found = row(shell(f"{REQUEST}; {script}"))
    assert (found.outcome, found.detail) == (outcome, detail)
    assert capfd.readouterr() == ("", "")


def test_a_command_finds_operation_and_arguments_in_its_environment(row: Judge) -> None:
    found = row(shell(f'{REQUEST}; echo "$CONTRACT_KIT_OPERATION $CONTRACT_KIT_ARGUMENTS" >&2; exit 10'))
    assert found.detail == 'getOrder {"id": "7"}'


@pytest.mark.parametrize("ends", ["", "; wait"], ids=["in time", "too late"])
def test_what_a_command_leaves_running_is_killed_with_it(row: Judge, tmp_path: Path, ends: str) -> None:
    left = tmp_path / "pid"
    row(shell(f"sleep 60 & echo $! > {left}{ends}"), timeout=0.5)
    assert _is_gone(int(left.read_text()))


def _is_gone(process: int) -> bool:
    """Return whether a process has ended; one that was killed may take a moment."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_program_that_is_not_there_is_a_client_that_can_not_be_run(row: Judge) -> None:
    with pytest.raises(ClientUnusableError, match=r"^Can't run no-such-program: there is no such program\.$"):
        row(CommandClient(("no-such-program",)))


def test_a_file_that_is_no_program_is_a_client_that_can_not_be_run(row: Judge, tmp_path: Path) -> None:
    script = tmp_path / "client"
    script.write_text("no shebang")
    script.chmod(0o755)
    with pytest.raises(ClientUnusableError, match=r"Exec format error"):
        row(CommandClient((str(script),)))


def test_after_an_interrupt_no_process_is_left_and_no_call_is_begun(
    client: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def judge_and_note(*arguments: Any) -> Row:
        begun.append(arguments)
        return judge(*arguments)

    def interrupt(_row: Row) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("contract_kit.prove.judge", judge_and_note)
    Path("pids").mkdir()
    subject = client("open(f'pids/{os.getpid()}', 'w')\nif read(url) == b'hang': time.sleep(60)")
    given = (mutant("1", b""), *(mutant(f"{number}", b"hang") for number in range(2, 20)))
    with pytest.raises(KeyboardInterrupt):
        prove(FakeCatalogue(given), subject, progress=interrupt, timeout=60)
    assert all(_is_gone(int(process.name)) for process in Path("pids").iterdir())
    assert len(begun) < 5


ROWS = [
    Row.of(mutant("a"), Outcome.REFUSED, ""),
    Row.of(mutant("b"), Outcome.BELIEVED, ""),
    Row.of(mutant("c", keyword="enum"), Outcome.HUNG, "slow"),
    Row.of(mutant("d", keyword=None), Outcome.CRASHED, "KeyError"),
    Row.of(LEGAL, Outcome.REFUSED, "no"),
    Row.of(EITHER, Outcome.BELIEVED, ""),
]
MATRIX = Matrix(tuple(ROWS), (Skipped("x", "why", 2), Skipped("y", "why", 3), Skipped("z", "other")))


def test_faults_are_in_the_order_of_their_gravity() -> None:
    assert [each.id for each in MATRIX.bad] == ["c", "d", "b", "legal"]


def test_keywords_come_before_what_is_no_keyword() -> None:
    assert list(MATRIX.groups) == ["enum", "type", "protocol", "legal"]


def test_what_was_skipped_is_counted_by_its_reason() -> None:
    assert MATRIX.skipped_by_reason == [("why", 5), ("other", 1)]


def test_what_was_tolerated_is_counted_by_its_reason() -> None:
    assert MATRIX.tolerances == {("it may be new", Outcome.BELIEVED): 1}


def test_rows_with_one_detail_or_else_one_keyword_are_listing() -> None:
    rows = [
        Row.of(mutant("1"), Outcome.CRASHED, "x"),
        Row.of(mutant("2", keyword="enum"), Outcome.CRASHED, "x"),
    ]
    rows += [Row.of(mutant(name), Outcome.BELIEVED, "") for name in ("3", "4")]
    assert [[each.id for each in group] for group in listing(rows, 2)[0]] == [["1", "2"], ["3", "4"]]


def test_only_what_is_bad_and_was_not_is_worse() -> None:
    earlier = {"a": True, "b": True, "c": False, "legal": False, "gone": True}
    comparison = Comparison.of(MATRIX, earlier)
    assert [each.id for each in comparison.worse] == ["c", "d", "legal"]
    assert str(comparison) == "3 worse, 1 better, 1 unchanged, 1 new"
