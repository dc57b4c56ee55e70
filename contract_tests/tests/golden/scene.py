"""Runs commands in a folder with all kinds of files, with a stub that sends all kinds of responses."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run, run_list
from bluejay_results import Clock

from .. import builders
from ..cli.command import CANARY, COMMAND, Ended, InProcess
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID
from ..overlay.conftest import ManualClock

SETTLED = SCENARIOS["settled"].bodies[-1]
HTML = {"content-type": "text/html"}
MISSES_A_CALL = {"end_time": None, "tool_calls": [builders.tool_calls(actual=0)]}
RUNNING = Answer.json(run(id="48318", passed=1, under_way=5))
ANSWERS = {
    "html": [Answer(b"<!doctype html><title>Sign in</title>", headers=HTML)],
    "wrong-type": [Answer(SETTLED.replace(b'"simulation_id":"731"', b'"simulation_id":731'))],
    "echo": [Answer(SETTLED.replace(b"2026-11-19T16:04:00Z", CANARY.encode()))],
    "rejected": [
        Answer.json(
            {"detail": [{"loc": ["path", "id"], "msg": f"{CANARY}\nis\x1b[2J bad", "type": "x"}]}, 422
        )
    ],
    "down": [Answer(b"<h1>down</h1>", 500, HTML)],
    "other": [Answer(SETTLED)],
    "48215": [Answer(body) for body in SCENARIOS["advancing"].bodies],
    "48318": [RUNNING, Answer(b"", status=520), RUNNING, Answer.json(run(id="48318", passed=6))],
    "48312": [Answer.json(run(id="48312", passed=1, under_way=1, status="INCOMPLETED"))],
    "48313": [Answer.json(run(id="48313", passed=1))],
    "48311": [Answer.json(run(id="48311", passed=[MISSES_A_CALL] * 2))],
}
"""The stub's responses for runs that exist only in these tests."""
QUEUED = {"simulation_run_id": "48313", "simulation_result_ids": ["1", "2"], "agent_id": "1"}
SMALL = [
    builders.result(number, digital_human_id=caller, **each)
    for number, (caller, each) in enumerate([(1, PASSED), (2, FAILED), (2, UNKNOWN), (3, VOID)], 1)
]
ONE = builders.response(builders.result(), total_tests=1)
BODIES = {
    "small": builders.encoded(builders.response(*SMALL, total_tests=4)),
    "settled": SETTLED,
    "large": SCENARIOS["large"].bodies[-1],
    "passed": SCENARIOS["all_passed"].bodies[-1],
    "another": builders.encoded(builders.response(*SMALL, id="2", simulation_id="999", total_tests=4)),
    "other": b"{}",
    "empty": b"",
    "page": b"<html>",
    "huge": SETTLED.replace(b'"total_tests":15', b'"total_tests":1e400'),
    "sound": builders.encoded(ONE),
    "drift": builders.encoded(ONE | {"status": "500", "trace": "4bf9"}),
    "broken": builders.encoded(ONE | {"simulation_results": [{"id": str(each)} for each in range(9)]}),
    "runs": builders.encoded(run_list([builders.response()])),
}
FILES = {
    "unknown.toml": "[tool.bluejay-results.gate]\nzzz = 1\n",
    "elsewhere.toml": "[gate]\nmax-void = 1\n",
    "figures.toml": "[tool.bluejay-results.gate]\nrequire = ['mean(x) >= 1']\nmust-pass = [57]\n",
    "rules.toml": "[tool.bluejay-results.gate]\nmax-void = 31\n",
    "broken.toml": "[tool",
    "pyproject.toml": "",
    "none.har": json.dumps({"log": {"entries": []}}),
    "key": CANARY,
}
TOOLS = ("cat ", "grep ", "tail ")
"""The programs that show the files that other commands have written."""


class Scene:
    """Runs command lines such as `NAME=value program arguments`, like a shell."""

    def __init__(self, stub: Stub, folder: Path) -> None:
        self.stub, self.folder = stub, folder

    def __call__(self, line: str, stdin: bytes = b"") -> Ended:
        """Run a command line; replace parts of its output that vary from run to run, such as the folder."""
        words = shlex.split(line)
        settings = dict[str, str]()
        while "=" in words[0]:
            name, _, settings[name] = words.pop(0).partition("=")
        command = InProcess(self.stub.url, COMMAND.with_name(words[0]))
        ended = command(*words[1:], stdin=stdin, environment=settings, cwd=self.folder)
        return Ended(ended.code, self._stable(ended.out.decode()).encode(), self._stable(ended.err))

    def files(self) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in self.folder.iterdir() if each.is_file()}

    def lines(self, line: str, stdin: bytes = b"") -> Iterator[str]:
        """Yield a command line's output, with `2> ` before lines from stderr, and its exit code."""
        if line.startswith(TOOLS):
            shown = subprocess.run(["/bin/sh", "-c", line], cwd=self.folder, capture_output=True, check=True)
            yield from shown.stdout.decode().splitlines()
            return
        line, discarded, _ = line.partition(" > /dev/null")
        ended = self(line, stdin)
        yield from (f"2> {each}" for each in ended.errors)
        yield from [] if discarded else ended.lines
        yield f"exit code {ended.code}"

    def _stable(self, text: str) -> str:
        text = text.replace(self.stub.url, "http://stub").replace(f"{self.folder}", "FOLDER")
        text = re.sub(r"[\d,]+ bytes", "N bytes", text)
        return re.sub(r"(up to|,) \d+ s\b", r"\1 N s", text)


@contextmanager
def scene() -> Iterator[Scene]:
    """Yield a folder and a stub; commands wait without taking time."""
    clock = ManualClock()
    with (
        TemporaryDirectory() as name,
        Stub(api_key=CANARY, queued_run_seconds=600) as stub,
        pytest.MonkeyPatch.context() as context,
    ):
        context.setattr(Clock, "now", lambda _: clock.now())
        context.setattr(Clock, "sleep", lambda _, seconds: clock.sleep(seconds))
        for run_id, answers in ANSWERS.items():
            stub.serve(run_id, *answers)
        stub.serve_queue(Answer.json(QUEUED))
        stub.serve_result("483110001", Answer(b"", status=402))
        folder = Path(name).resolve()
        _write_files(folder)
        whole = Scene(stub, folder)
        whole("bluejay-results show 48225 --har run.har")
        (folder / "cut.har").write_bytes((folder / "run.har").read_bytes()[:999])
        yield whole


def _write_files(folder: Path) -> None:
    for name, body in BODIES.items():
        (folder / f"{name}.json").write_bytes(body)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "key").chmod(0o600)
    (folder / "nothing").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "notes.txt").touch()
