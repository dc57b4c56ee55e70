"""Neither the command's output nor a process list contains the key."""

import select
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from ..cli.command import Command, InProcess
from .canary import KEY, SIGNED_URL, leaks
from .careless import careless, careless_runs, worse
from .scenes import ECHOED, QUEUED, SETTLED

QUOTED = shlex.quote(KEY)
WITH_KEY, WITHOUT_KEY = {"BLUEJAY_API_KEY": KEY}, {"BLUEJAY_API_KEY": ""}
SERVED = {
    "careless": (careless(),),
    "worse": (worse(),),
    "422": ECHOED["422 in a message"].answers,
    "violation": ECHOED["a violation"].answers,
}
ENDS = {
    "a run": "show 48213",
    "every conversation": "show 48221 --all",
    "the view of a careless run": "show careless --json",
    "a wait for a run": "wait 48215 --poll-interval 0.01",
    "a run queued": "queue 733",
    "the key as a simulation id": f"queue {QUOTED}",
    "the key as metadata": f"queue 733 --livekit-metadata {QUOTED}",
    "an unknown run": "show 99999",
    "the key as an option": f"show 48213 --api-key={QUOTED}",
    "the key as an argument": f"show 48213 {QUOTED}",
    "the key as a run id": f"wait {QUOTED}",
    "the key as a file": f"show {QUOTED}",
    "the key as a URL": f"show 48213 --base-url {QUOTED}",
    "the key as the path of the key file": f"show 48213 --api-key-file {QUOTED}",
    "a careless run": "show careless",
    "a wait for a careless run": "wait careless --timeout 2 --poll-interval 0.5",
    "a careless list of runs": "runs 731",
    "the view of a careless list of runs": "runs 731 --json",
    "a comparison with a careless run": "compare 48213 worse",
    "a careless refusal": "show 422",
    "a careless violation": "show violation",
}


@pytest.fixture(scope="module")
def url(stub: Stub) -> str:
    """The URL of a stub whose runs contain the key."""
    for run_id, answers in SERVED.items():
        stub.serve(run_id, *answers)
    stub.serve_runs("731", careless_runs())
    stub.serve_queue(QUEUED)
    return stub.url


@pytest.mark.parametrize("arguments", ENDS.values(), ids=list(ENDS))
def test_the_command_writes_no_secret(url: str, arguments: str) -> None:
    """The output must not be empty, because empty output would prove nothing."""
    ended = InProcess(url)(*shlex.split(arguments), environment=WITH_KEY)
    assert ended.out or ended.err.startswith(("bluejay-results: ", "Run "))
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.mark.parametrize("arguments", ["show careless", "wait careless --timeout 2 --poll-interval 0.5"])
def test_the_command_writes_no_secret_in_python_development_mode(url: str, arguments: str) -> None:
    """In this mode, Python prints all warnings."""
    ended = Command(url)(*arguments.split(), environment=WITH_KEY | {"PYTHONDEVMODE": "1"})
    assert ended.out
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.mark.parametrize("arguments", ["show careless", "queue 733", "wait 48215 --poll-interval 0.01"])
def test_the_request_log_has_no_secret(url: str, arguments: str) -> None:
    ended = Command(url)(*arguments.split(), environment=WITH_KEY | {"BLUEJAY_LOG": "debug"})
    assert f" bluejay_results DEBUG {'POST' if 'queue' in arguments else 'GET'} {url}/v1/" in ended.err
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("source", ["environment", "file"])
def test_no_process_list_shows_the_key(url: str, key_file: Path, source: str) -> None:
    options: dict[str, list[str | Path]] = {
        "environment": [],
        "file": ["--api-key-file", key_file],
    }
    environment = WITHOUT_KEY if options[source] else WITH_KEY
    with Command(url).start("wait", "48214", *options[source], environment=environment) as process:
        seen = list(_command_lines(process))
        process.terminate()
        process.communicate()
    assert any("wait" in line for line in seen)
    assert [line for line in seen if leaks(line)] == []


def _command_lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield the process list's lines for a process and its children, until the run is found."""
    assert process.stderr
    while not select.select([process.stderr], [], [], 0.02)[0]:
        yield from _shown(process.pid)
    yield from _shown(process.pid)


def _shown(pid: int) -> Iterator[str]:
    folder = Path(f"/proc/{pid}")
    try:
        yield (folder / "cmdline").read_text() + (folder / "comm").read_text()
        children = [each.read_text() for each in folder.glob("task/*/children")]
    except OSError:  # the process has ended
        return
    for child in " ".join(children).split():
        yield from _shown(int(child))


def test_a_key_from_a_file_is_masked_if_the_service_sends_it_back(url: str, key_file: Path) -> None:
    ended = Command(url)("show", "careless", "--api-key-file", key_file, environment=WITHOUT_KEY)
    assert "<redacted>" in ended.out.decode()
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.mark.parametrize("run_id", SERVED)
def test_a_recording_contains_signed_urls_but_no_key(url: str, tmp_path: Path, run_id: str) -> None:
    path = tmp_path / "run.har"
    InProcess(url)("show", run_id, "--har", path, environment=WITH_KEY)
    assert set(leaks(path.read_bytes())) <= {"the signature"}


def test_the_signed_url_of_a_saved_run_is_not_shown(url: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    transcript = b'"transcript_url":"%b"' % SIGNED_URL.encode()
    saved.write_bytes(SETTLED.body.replace(b'"transcript_url":null', transcript))
    ends = [InProcess(url)("show", saved, *options) for options in ((), ("--json",))]
    assert all(ended.out for ended in ends)
    assert [leaks(ended.out) for ended in ends] == [[], []]
