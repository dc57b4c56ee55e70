"""Neither the command's output nor a process list contains the key."""

import json
import os
import shlex
from pathlib import Path
from unittest.mock import Mock

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results.cli.app import SUMMARIES, load

from ..cli.command import Command, InProcess
from .canary import KEY, SIGNED_URL, leaks
from .careless import SETTLED, careless, careless_runs, refused

QUOTED = shlex.quote(KEY)
WITH_KEY, WITHOUT_KEY = {"BLUEJAY_API_KEY": KEY}, {"BLUEJAY_API_KEY": ""}
SERVED = {
    "careless": careless(),
    "worse": careless("worse", has_new_statuses=False),
    "422": refused(),
    "violation": Answer(SETTLED.replace(b'"2026-11-19T16:04:00Z"', json.dumps(KEY).encode())),
}
ENDS = {
    "the view of a careless run": "show careless --json",
    "a run queued": "queue 733",
    "the key as a simulation id": f"queue {QUOTED}",
    "the key as metadata": f"queue 733 --livekit-metadata {QUOTED}",
    "the key as an argument": f"show 48213 {QUOTED}",
    "the key as a run id": f"wait {QUOTED}",
    "the key as a URL": f"show 48213 --base-url {QUOTED}",
    "the key as the path of the key file": f"show 48213 --api-key-file {QUOTED}",
    "a careless run": "show careless",
    "a wait for a careless run": "wait careless --timeout 2 --poll-interval 0.5",
    "a careless list of runs": "runs 731",
    "the view of a careless list of runs": "runs 731 --json",
    "a comparison with a careless run": "compare 48213 worse",
    "a report about a careless run": "report worse",
    "a careless refusal": "show 422",
    "a careless violation": "show violation",
}


@pytest.fixture(scope="module")
def url(stub: Stub) -> str:
    """The URL of a stub whose runs contain the key."""
    for run_id, answer in SERVED.items():
        stub.serve(run_id, answer)
    stub.serve_runs("731", careless_runs())
    queued = {"simulation_run_id": "48213", "simulation_result_ids": ["1"], "agent_id": KEY}
    stub.serve_queue(Answer.json(queued))
    return stub.url


@pytest.mark.parametrize("arguments", ENDS.values(), ids=list(ENDS))
def test_the_command_writes_no_secret(url: str, arguments: str) -> None:
    """The output must not be empty, because empty output would prove nothing."""
    ended = InProcess(url)(*shlex.split(arguments), environment=WITH_KEY)
    assert ended.out or ended.err.startswith(("bluejay-results: ", "Run "))
    assert leaks(ended.out) + leaks(ended.err) == []


def test_the_command_writes_no_secret_in_python_development_mode(url: str) -> None:
    """In development mode, Python prints all warnings, and they must not contain the key."""
    settings = {"PYTHONDEVMODE": "1", "BLUEJAY_LOG": "debug"}
    ended = Command(url)("show", "careless", environment=WITH_KEY | settings)
    assert ended.out
    assert f" bluejay_results DEBUG GET {url}/v1/" in ended.err
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.mark.parametrize("run_id", SERVED)
def test_a_gate_writes_no_secret_to_its_reports_or_to_github(url: str, tmp_path: Path, run_id: str) -> None:
    github = {"GITHUB_OUTPUT": "outputs", "GITHUB_STEP_SUMMARY": "summary", "GITHUB_ACTIONS": "true"}
    options = "--timeout 1 --junit junit.xml --comment comment.md --html page.html"
    ended = InProcess(url)("gate", run_id, *options.split(), cwd=tmp_path, environment=WITH_KEY | github)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written.keys() == {"outputs", "summary", "junit.xml", "comment.md", "page.html"}
    assert {name for name, each in written.items() if leaks(each)} == set()
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("name", SUMMARIES)
def test_no_argument_is_echoed_if_it_contains_a_key_from_a_file(
    url: str, tmp_path: Path, key_file: Path, name: str
) -> None:
    """The key is known before the arguments are parsed, wherever its file is specified."""
    command = load(name)
    options = [each.opts[0] for each in command.params if each.param_type_name == "option"]
    lines: list[tuple[str, ...]] = [
        ("48213", each, f"{KEY},x") for each in options if each != "--api-key-file"
    ]
    lines += [(f"{KEY},x",), (f"{KEY}\nx", "y"), ("48213", f"--{KEY}"), ("48213", f"https://x.io/?k={KEY}")]
    for line in lines:
        for source in (("--api-key-file", key_file), (f"--api-key-file={key_file}",), ()):
            settings = WITHOUT_KEY | ({} if source else {"BLUEJAY_API_KEY_FILE": str(key_file)})
            ended = InProcess(url)(name, *line, *source, cwd=tmp_path, environment=settings)
            assert leaks(ended.out) + leaks(ended.err) == [], line


@pytest.mark.parametrize("source", ["environment", "file"])
def test_the_key_never_appears_in_the_process_list(url: str, key_file: Path, source: str) -> None:
    options: list[str | Path] = ["--api-key-file", key_file] if source == "file" else []
    environment = WITHOUT_KEY if options else WITH_KEY
    with Command(url).start("wait", "48214", *options, environment=environment) as process:
        assert process.stderr
        assert process.stderr.readline().startswith(b"Run ")
        shown = [Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "comm")]
        process.terminate()
        process.communicate()
    assert b"wait" in shown[0]
    assert [each for each in shown if leaks(each)] == []


def test_a_key_from_a_file_is_not_in_the_environment_of_child_processes(
    url: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    putenv = Mock(side_effect=os.putenv)
    monkeypatch.setattr(os, "putenv", putenv)
    ended = InProcess(url)("show", "careless", "--api-key-file", key_file, environment=WITHOUT_KEY)
    assert "<redacted>" in ended.out.decode()
    assert putenv.mock_calls
    assert leaks(str(putenv.mock_calls)) == []
    assert leaks(ended.out) + leaks(ended.err) == []


@pytest.mark.parametrize("run_id", SERVED)
def test_a_recording_contains_signed_urls_but_no_key(url: str, tmp_path: Path, run_id: str) -> None:
    path = tmp_path / "run.har"
    InProcess(url)("show", run_id, "--har", path, environment=WITH_KEY)
    assert set(leaks(path.read_bytes())) <= {"the signature"}


def test_a_saved_runs_signed_url_is_not_shown(url: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    transcript = b'"transcript_url":"%b"' % SIGNED_URL.encode()
    saved.write_bytes(SETTLED.replace(b'"transcript_url":null', transcript))
    ends = [InProcess(url)("show", saved, *options) for options in ((), ("--json",))]
    assert all(ended.out for ended in ends)
    assert [leaks(ended.out) for ended in ends] == [[], []]
