"""No command's output contains a key or a signed URL that the service echoes in every field and error.

The outputs are discovered from the commands' options and the environment variables that the package reads. A
new output fails a test here until a call uses it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import Clock
from bluejay_results.cli.app import SUMMARIES, load
from bluejay_results.cli.options import OUTPUTS
from bluejay_results.export.formats import FORMATS

from ..cli.command import Command, InProcess
from ..knobs.command_line import variables
from .canary import KEY, SIGNED_URL, leaks
from .echoing import broken, echo, echoing_run, echoing_runs

WAIT = ["--timeout", "1", "--poll-interval", "0.5"]
CALLS = {
    "queue": ["733"],
    "gate": ["48214", *WAIT],
    "compare": ["48213", "48214"],
    "report": ["48214", "--output", "page.html"],
    "wait": ["48214", *WAIT],
    "show": ["48214"],
    "runs": ["731"],
    "export": ["48214", "--output", "tables", "--format", "csv"],
}
"""The arguments of each command."""
IN_EXTRAS = {"parquet", "--resume"}
"""The format that needs an extra, and its option; tested in `export/with_extras/test_parquet.py`."""
SETTINGS = {
    "BLUEJAY_LOG": "debug",
    "GITHUB_OUTPUT": "outputs",
    "GITHUB_STEP_SUMMARY": "summary",
    "GITHUB_ACTIONS": "true",
    "GITHUB_SHA": "0f3a",
    "CI_COMMIT_SHA": "0f3a",
    "COMMIT": "0f3a",
    "GITHUB_RUN_ID": "7",
    "GITHUB_SERVER_URL": "https://forge.example",
    "GITHUB_REPOSITORY": "a/b",
    "CI_JOB_URL": "https://forge.example/job/7",
    "NO_COLOR": "1",
    "COLUMNS": "80",
}
"""The environment variables that affect the output; all of them are set for every call."""
INPUTS = {"BLUEJAY_API_KEY", "BLUEJAY_API_KEY_FILE", "BLUEJAY_API_URL", "BLUEJAY_ORGANIZATION_ID"}
_VALUES: dict[str | None, list[str]] = {None: [], "FILE": ["file"], "NAME": ["a"]}
"""An option's value, by its type."""
RUN, RUNS = echoing_run("48214", is_settled=True), echoing_runs()
QUEUED = {"simulation_run_id": "KEY", "simulation_result_ids": ["KEY"], "agent_id": "KEY"}
DETAIL = [{"loc": ["KEY", 1], "msg": "KEY at URL", "type": "KEY", "input": {"KEY": "KEY at URL"}}]
SERVICES = {
    "settled": [echo(each) for each in (RUN, RUNS, QUEUED)],
    "new statuses": [echo(each) for each in (echoing_run("48214", is_settled=False), RUNS, QUEUED)],
    "broken": [echo(broken(each)) for each in (RUN, RUNS, QUEUED)],
    "422": [echo({"detail": DETAIL}, 422)] * 3,
    "401": [echo({"detail": "KEY at URL " * 90}, 401)] * 3,
    "503": [echo({"detail": f"{'x' * 290}KEY"}, 503)] * 3,
    "not JSON": [echo('KEY <p>KEY</p> "KEY', 200)] * 3,
}
"""The responses with a run, with a simulation's runs, and to a request that queues a run."""
UNQUOTED = {"not JSON"}
"""Responses whose texts no error quotes. For all others, masks must appear, or the test proves nothing."""
WITH_SIGNATURES = {"--har", "--with-links", "tables"}
"""Arguments that write signed URLs in full; an export keeps the text that a judge or a tool wrote."""


def _outputs(command: str) -> Iterator[list[str]]:
    """Yield no option, and then the arguments for each of a command's output options."""
    yield []
    for each in load(command).params:
        is_output = getattr(each, "rich_help_panel", None) == OUTPUTS
        if is_output and not {*each.opts} & {*CALLS[command], *IN_EXTRAS}:
            yield [each.opts[0], *_VALUES[each.metavar]]


def test_every_command_format_and_variable_is_used() -> None:
    assert CALLS.keys() == SUMMARIES.keys()
    assert FORMATS.keys() - IN_EXTRAS == {CALLS["export"][-1]}
    assert variables() == SETTINGS.keys() | INPUTS


@pytest.mark.parametrize("command", CALLS)
def test_no_commands_output_contains_the_key(
    command: str, tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    if command not in {"gate", "wait"}:  # these two would send requests without a pause until their timeout
        monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    for service, answers in SERVICES.items():
        for option in _outputs(command):
            line = [command, *CALLS[command], *option]
            found, is_masked = _leaks(stub, line, tmp_path / "written", answers)
            allowed = {"the signature"} if {*line} & WITH_SIGNATURES else set()
            assert {name for name, each in found.items() if {*each} - allowed} == set(), (service, option)
            assert is_masked or service in UNQUOTED, (service, option)


@pytest.mark.parametrize("command", CALLS)
def test_no_argument_is_echoed_if_it_contains_the_key(command: str, tmp_path: Path, stub: Stub) -> None:
    """The key is known before the arguments are parsed, wherever it comes from."""
    stub.reset()
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    parameters = load(command).params
    options = [each.opts[0] for each in parameters if each.param_type_name == "option"]
    said: list[tuple[str, ...]] = [("48213", each, f"{KEY},x") for each in {*options} - {"--api-key-file"}]
    said += [(f"{KEY},x",), (f"{KEY}\nx", "y"), ("48213", f"--{KEY}"), ("48213", f"https://x.io/?k={KEY}")]
    said += [(KEY,), ("48213", KEY), ("48213", "--api-key-file", KEY)]
    sources: list[tuple[tuple[str, ...], dict[str, str]]] = [
        (("--api-key-file", str(path)), {"BLUEJAY_API_KEY": ""}),
        ((f"--api-key-file={path}",), {"BLUEJAY_API_KEY": ""}),
        ((), {"BLUEJAY_API_KEY": "", "BLUEJAY_API_KEY_FILE": str(path)}),
        ((), {"BLUEJAY_API_KEY": KEY}),
    ]
    for line in said:
        for words, settings in sources:
            ended = InProcess(stub.url)(command, *line, *words, cwd=tmp_path, environment=settings)
            assert leaks(ended.out) + leaks(ended.err) == [], line


def test_the_key_never_appears_in_the_process_list(stub: Stub) -> None:
    with Command(stub.url).start("wait", "48216", environment={"BLUEJAY_API_KEY": KEY}) as process:
        assert process.stderr
        assert process.stderr.readline().startswith(b"Run ")
        shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        process.terminate()
    assert b"wait" in shown
    assert leaks(shown) == []


def test_a_saved_bodys_key_and_signed_urls_are_not_shown(tmp_path: Path, stub: Stub) -> None:
    """Nobody masked this body when it was received."""
    body = SERVICES["new statuses"][0].body
    (tmp_path / "run.json").write_bytes(body)
    line = ("show", "run.json", "--all")
    ended = InProcess(stub.url)(*line, cwd=tmp_path, environment={"BLUEJAY_API_KEY": KEY})
    assert "<redacted>" in ended.out.decode()
    assert leaks(ended.out) + leaks(ended.err) == []
    assert SIGNED_URL.encode() in body


def _leaks(
    stub: Stub, line: list[str], folder: Path, answers: list[Answer]
) -> tuple[dict[str, list[str]], bool]:
    """Return what each output leaks, and whether something other than the log contains a mask."""
    folder.mkdir()
    stub.reset()
    stub.serve("48214", answers[0])
    stub.serve_runs("731", answers[1])
    stub.serve_queue(answers[2])
    settings: dict[str, Any] = {"BLUEJAY_API_KEY": KEY} | SETTINGS
    ended = InProcess(stub.url)(*line, cwd=folder, environment=settings)
    written = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    outputs = written | {"stdout": ended.out, "stderr": ended.err.encode()}
    folder.rename(folder.with_name(f"{len([*folder.parent.iterdir()])}"))
    lines = [line for each in outputs.values() for line in each.splitlines() if b" DEBUG " not in line]
    found = {name: leaked for name, each in outputs.items() if (leaked := leaks(each))}
    return found, any(b"redacted" in line for line in lines)
