"""Every output that is kept: a file in `kept/` for each, and the command line that makes it."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_contract.stub.requests_and_answers import StubState
from bluejay_results import SimulationRun
from bluejay_results.json_output import to_json

from ..cli.command import CANARY, Ended, InProcess
from ..overlay.conftest import stop_time
from . import runs
from .page import pages

KEPT = Path(__file__).with_name("kept")
RULES = "--min-pass-rate 60 --require 'mean(politeness) >= 4' --require 'p90(latency.p95) <= 1500 ms'"
ABSENT = "--require 'rate(criterion) >= 95 %' --require 'p95(duration) <= 5 s'"
_SEVERAL = f"gate {runs.RUN} {runs.BROKEN} 99999 {runs.CONTRADICTORY} --must-pass 7 --max-void 40 {ABSENT}"
_UNMET = f"gate {runs.RUN} --base {runs.CONTRADICTORY} --confident --min-conversations 15 --no-counters"
_EXPORT = "--collect --with-links --concurrency 1 --format csv"
_GATE = f"gate {runs.RUN} --base {runs.BASE} --must-pass 7 --config rules.toml {RULES}"
LINES: dict[str, str] = {
    "show.txt": f"show {runs.RUN} --all",
    "show.json": f"show {runs.RUN} --json",
    "show.har": f"show {runs.SMALL} --har show.har",
    "result.txt": f"show --result {runs.RESULT}",
    "result.json": f"show --result {runs.RESULT} --json",
    "gate.txt": _GATE,
    "gate.json": f"{_GATE} --json",
    "gate.xml": f"{_GATE} --junit gate.xml",
    "gate.md": f"{_GATE} --comment gate.md",
    "gate.html": f"{_GATE} --html gate.html",
    "gate.har": f"{_GATE} --har gate.har",
    "several.txt": _SEVERAL,
    "several.json": f"{_SEVERAL} --json",
    "several.xml": f"{_SEVERAL} --junit several.xml",
    "several.md": f"{_SEVERAL} --comment several.md",
    "several.html": f"{_SEVERAL} --html several.html --name nightly",
    "unmet.txt": _UNMET,
    "unmet.json": f"{_UNMET} --json",
    "unmet.html": f"{_UNMET} --html unmet.html",
    "small.json": f"gate {runs.RUN} --base {runs.SMALL} --json",
    "runs.txt": f"runs {runs.SIMULATION}",
    "runs.json": f"runs {runs.SIMULATION} --json",
    "runs.har": f"runs {runs.SIMULATION} --har runs.har",
    "queue.txt": f"queue {runs.SIMULATION}",
    "queue.json": f"queue {runs.SIMULATION} --json",
    "compare.txt": f"compare {runs.BASE} {runs.RUN}",
    "compare.json": f"compare {runs.BASE} {runs.RUN} --json",
    "compare-unmet.json": f"compare {runs.CONTRADICTORY} {runs.RUN} --json",
    "compare-small.txt": f"compare {runs.BASE} {runs.SMALL}",
    "compare-small.json": f"compare {runs.BASE} {runs.SMALL} --json",
    "report.har": f"report {runs.SMALL} --har report.har -o small.html",
    "report.html": f"report {runs.RUN} --base {runs.BASE} --with-links -o report.html",
    "odd": "export odd.files missing.json --collect --format csv -o odd",
    "export": f"export {runs.RUN} {runs.BASE} {runs.BROKEN} 99999 {_EXPORT} -o export",
}
"""The command line for each kept file; a command that writes no such file is kept with all it prints."""

COLLECTED = "collected.json"
"""The JSON of a run that breaks the contract: only Python code can get it."""


def outputs() -> Iterator[tuple[str, str]]:
    """Run every command line; yield the name of each kept file, and its content."""
    with _commands() as (run, folder):
        for name, line in LINES.items():
            ended = run(line)
            written = folder / name
            if written.is_dir():
                yield f"{name}/printed.txt", _stable(_printed(ended), folder)
                for each in sorted(written.iterdir()):
                    yield f"{name}/{each.name}", _stable(each.read_bytes().decode(), folder)
            elif written.exists():
                yield name, _stable(written.read_bytes().decode(), folder)
            else:
                yield name, _stable(_printed(ended), folder)
        collected = SimulationRun.from_bytes(json.dumps(runs.all_runs()[3]).encode(), on_violation="collect")
        yield COLLECTED, _stable(to_json(collected).decode(), folder)
    yield from pages()


def _printed(ended: Ended) -> str:
    errors = "".join(f"2> {each}\n" for each in sorted(ended.errors))  # runs are awaited at the same time
    return f"{ended.out.decode()}{errors}exit code {ended.code}\n"


@contextmanager
def _commands() -> Iterator[tuple[Callable[[str], Ended], Path]]:
    """Yield a function that runs a command line in a folder; its clock stands still, except in sleeps."""
    with (
        TemporaryDirectory() as name,
        Stub(api_key=CANARY, port=0) as stub,
        pytest.MonkeyPatch.context() as context,
    ):
        clock = stop_time(context)
        context.setattr(StubState, "now", property(lambda _: clock.utc_now()))
        listed = runs.all_runs()
        for each in listed:
            stub.serve(each["simulation_run"]["id"], Answer.json(each))
        stub.serve_runs(runs.SIMULATION, Answer.json(runs.listing()))
        stub.serve_queue(Answer.json(runs.QUEUED))
        stub.serve_result(runs.RESULT, Answer.json(runs.fetched()))
        folder = Path(name).resolve()
        (folder / "rules.toml").write_text("[tool.bluejay-results.gate]\nmax-void = 50\n")
        (folder / "odd.files").mkdir()
        for name, body in runs.odd_files().items():
            (folder / "odd.files" / f"{name}.json").write_bytes(body)
        command = InProcess(stub.url)

        def run(line: str) -> Ended:
            return command(*shlex.split(line), cwd=folder)

        yield run, folder


def _stable(text: str, folder: Path) -> str:
    """Replace what differs from run to run: the stub's address, times of today, and the order of fetches."""
    if text.startswith('{"log"'):
        har = json.loads(text)
        har["log"]["entries"].sort(key=lambda each: each["request"]["url"])
        text = json.dumps(har, indent=1)
    text = re.sub(r"127\\?\.0\\?\.0\\?\.1\\?:\d+", "stub", text.replace(f"{folder}", "FOLDER"))
    text = re.sub(r"\breq-\d+", "req-N", text)
    return re.sub(r"(?!2026-11)20\d\d-\d\d-\d\d[T ][\d:.]+Z?", "NOW", text)
