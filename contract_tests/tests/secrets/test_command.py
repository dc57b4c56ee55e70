"""Nothing that the command writes, and no process list, holds the key."""

from __future__ import annotations

import select
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from ..cli.command import Command
from .canary import KEY, SIGNED_URL, leaks
from .careless import careless
from .scenes import ECHOED, SETTLED

Source = Mapping[str, str]
NO_KEY = {"BLUEJAY_API_KEY": ""}
SERVED = {
    "careless": (careless(),),
    "422": ECHOED["422 in a message"].answers,
    "violation": ECHOED["a violation"].answers,
}
ENDS = {
    "a run": "show 48213",
    "every conversation": "show 48221 --all",
    "the view of a careless run": "show careless --json",
    "the bytes of a run": "show 48213 --raw",
    "a run waited for": "wait 48215 --poll-interval 0.01",
    "a wait that times out": "wait 48214 --timeout 0.2 --poll-interval 0.05",
    "an unknown run": "show 99999",
    "the key as an option": f"show 48213 --api-key={shlex.quote(KEY)}",
    "the key as an argument": f"show 48213 {shlex.quote(KEY)}",
    "the key as a run id": f"wait {shlex.quote(KEY)}",
    "the key as a file": f"show {shlex.quote(KEY)}",
    "the key as a URL": f"show 48213 --base-url {shlex.quote(KEY)}",
    "the key as the file of it": f"show 48213 --api-key-file {shlex.quote(KEY)}",
    "a careless run": "show careless",
    "a careless run waited for": "wait careless --timeout 0.2 --poll-interval 0.05",
    "a careless refusal": "show 422",
    "a careless violation": "show violation",
}


@pytest.fixture(scope="module")
def command(stub: Stub) -> Command:
    """The command, set up to ask the stub."""
    for run_id, answers in SERVED.items():
        stub.serve(run_id, *answers)
    return Command(stub.url)


@pytest.mark.parametrize("arguments", ENDS.values(), ids=list(ENDS))
def test_the_command_writes_no_secret(command: Command, arguments: str) -> None:
    """Not even with everything that Python can warn of. A command that said nothing would prove nothing."""
    told = {"PYTHONDEVMODE": "1", "BLUEJAY_API_KEY": KEY}
    ended = command(*shlex.split(arguments), environment=told)
    assert ended.out or ended.err.startswith(("bluejay-results: ", "Run "))
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the key."""
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


SOURCES: dict[str, Callable[[Path], tuple[list[str], Source]]] = {
    "environment": lambda _: ([], {"BLUEJAY_API_KEY": KEY}),
    "file": lambda path: (["--api-key-file", str(path)], NO_KEY),
    "command": lambda path: (["--api-key-command", f"sh -c 'cat {path}; sleep 0.3'"], NO_KEY),
    "file by the environment": lambda path: ([], NO_KEY | {"BLUEJAY_API_KEY_FILE": str(path)}),
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, key_file: Path) -> tuple[list[str], Source]:
    """The options and the environment that name a source of the key."""
    return SOURCES[request.param](key_file)


def test_no_process_list_shows_the_key(command: Command, source: tuple[list[str], Source]) -> None:
    options, environment = source
    with command.start("wait", "48214", *options, environment=environment) as process:
        seen = list(_command_lines(process))
        process.terminate()
        process.communicate()
    assert any("wait" in line for line in seen)
    assert [line for line in seen if leaks(line)] == []


def _command_lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield what a process list shows of a process and its children, until it has seen the run."""
    assert process.stderr
    while not select.select([process.stderr], [], [], 0.02)[0]:
        yield from _shown(process.pid)
    yield from _shown(process.pid)


def _shown(pid: int) -> Iterator[str]:
    folder = Path(f"/proc/{pid}")
    try:
        yield (folder / "cmdline").read_text() + (folder / "comm").read_text()
        children = [each.read_text() for each in folder.glob("task/*/children")]
    except OSError:  # it has ended
        return
    for child in " ".join(children).split():
        yield from _shown(int(child))


def test_a_key_from_a_file_is_masked_as_well(command: Command, key_file: Path) -> None:
    ended = command("show", "422", "--api-key-file", key_file, environment=NO_KEY)
    assert leaks(ended.out) + leaks(ended.err) == []


def test_a_signed_url_in_a_saved_run_is_shown_by_raw_alone(command: Command, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_bytes(
        SETTLED.body.replace(b'"transcript_url":null', b'"transcript_url":"%b"' % SIGNED_URL.encode())
    )
    ends = [command("show", saved, *options) for options in ((), ("--json",), ("--raw",))]
    assert [leaks(ended.out) for ended in ends] == [[], [], ["the signature"]]
