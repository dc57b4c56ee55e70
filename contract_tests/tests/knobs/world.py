"""Runs command lines in equal folders, with equal services, and returns everything that each of them did."""

import json
import re
import shlex
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import unified_diff
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub, run
from bluejay_contract.stub.requests_and_answers import StubState

from .. import builders
from ..cli.command import CANARY, Ended, InProcess
from ..golden import runs
from ..overlay.conftest import stop_time
from ..virtual import InProcess as Direct

Effects = Callable[[str], list[str]]
SETTLES, RUNS_ON, CROWD = "48300", "48301", "48302"
MANY, FEW = "733", "734"
WRITTEN, JSON = " is written", "1> {"
_LATE_CALL = {"end_time": None, "tool_calls": [builders.tool_calls(actual=0)]}
"""After the end of this conversation, its tool call could still arrive."""
QUEUED = {"simulation_run_id": SETTLES, "simulation_result_ids": [], "agent_id": "1"}
FILES = {
    "pyproject.toml": "[tool.bluejay-results.gate]\nmust-pass = []\n",
    "rules.toml": "[tool.bluejay-results.gate]\nmax-void = 50\nmust-pass = [5]\n",
    "key": f"{CANARY}\n",
    "wrong-key": "wrong",
    "run.json": json.dumps(run(id="48400", passed=1, failed=1)),
    "broken.json": json.dumps(builders.response(builders.result(), total_tests="1")),
    "crowd.json": json.dumps(run(id="48402", failed=21)),
}


@contextmanager
def effects() -> Iterator[Effects]:
    """Yield a function that runs a command line such as `NAME=value show 48213`, and returns what it did.

    Time passes only while the command sleeps, and requests reach the service without sockets.
    """
    with Stub(api_key=CANARY) as stub, Stub(api_key=CANARY) as other, pytest.MonkeyPatch.context() as context:
        clock, start = stop_time(context), Thread.start
        context.setattr(StubState, "now", property(lambda _: clock.utc_now()))
        started = list[str]()

        def counted(thread: Any) -> None:
            if f"{getattr(thread, '_target', '')}".startswith("<function parallel"):
                started.append("a thread")
            start(thread)

        context.setattr(Thread, "start", counted)
        context.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        sent_to = {httpx.URL(each.url).port: Direct(each).handle_request for each in (stub, other)}
        context.setattr(httpx.HTTPTransport, "handle_request", lambda _, sent: sent_to[sent.url.port](sent))

        @cache
        def effect(line: str) -> list[str]:
            started.clear()
            clock.time = 1000
            clock.slept.clear()
            for each in (stub, other):
                each.reset()
            _serve(stub)
            other.serve(runs.SMALL, Answer.json({"detail": "no such run"}, 404))
            with TemporaryDirectory() as name:
                folder = Path(name).resolve()
                _write_files(folder)
                ended = _run(line, folder, stub, other)
                did = [*_printed(ended), *_files(folder), *_requests(stub, other), *_counted(clock.slept)]
            did += [f"{len(started)} calls at once"] if started else []
            return [_stable(each, folder, stub, other) for each in did]

        yield effect


def difference(before: list[str], after: list[str]) -> list[str]:
    """Return the lines of what one command line did and the other didn't, with `-` or `+` before each.

    What is in a report or JSON that only one of them wrote is left out: the goldens contain it.
    """
    files = {each.partition(WRITTEN)[0] for each in {*before} ^ {*after} if WRITTEN in each}
    names = tuple(f"{each}> " for each in files if Path(each).suffix)
    if (JSON in before) != (JSON in after):
        names += ("1>  ", "1> }")
    old, new = ([each for each in lines if not each.startswith(names)] for lines in (before, after))
    lines = [each for each in unified_diff(old, new, lineterm="", n=0) if not each.startswith("@@")]
    return [f"{each[0]} {each[1:]}".rstrip() for each in lines[2:]]


@cache
def _answers() -> dict[str, tuple[Answer, ...]]:
    """Return the responses for each run."""
    running, late = run(id=SETTLES, passed=1, under_way=1), run(id=SETTLES, passed=[{}, _LATE_CALL])
    own = {
        SETTLES: (running, running, late),
        RUNS_ON: (run(id=RUNS_ON, under_way=1),),
        CROWD: (run(id=CROWD, failed=21),),
    }
    golden = {each["simulation_run"]["id"]: (each,) for each in runs.all_runs()}
    return {id_: tuple(map(Answer.json, bodies)) for id_, bodies in (golden | own).items()}


@cache
def _simulations() -> dict[str, list[Any]]:
    """Return the runs of two simulations."""
    times = [f"2026-11-19T1{hour}:00:00+00:00" for hour in (4, 3, 2)]
    return {
        MANY: [run(id=str(48500 + each), passed=1) for each in range(22)],
        FEW: [
            run(id=str(48600 + each), passed=[_LATE_CALL], created_at=time) for each, time in enumerate(times)
        ],
    }


LISTED, FETCHED = Answer.json(runs.listing()), Answer.json(runs.fetched())


def _serve(stub: Stub) -> None:
    for id_, answers in _answers().items():
        stub.serve(id_, *answers)
    stub.serve_runs(runs.SIMULATION, LISTED)
    stub.serve_result(runs.RESULT, FETCHED)
    stub.serve_queue(Answer.json(QUEUED))
    for id_, listed in _simulations().items():
        stub.serve_simulation(id_, listed)


def _write_files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)


def _run(line: str, folder: Path, stub: Stub, other: Stub) -> Ended:
    settings, words = split(line.replace("http://other", other.url).replace("http://stub", stub.url))
    return InProcess(stub.url)(*words, environment=settings, cwd=folder)


def split(line: str) -> tuple[dict[str, str], list[str]]:
    """Split a command line into the variables that it sets, and its words."""
    words, settings = shlex.split(line), dict[str, str]()
    while re.match("[A-Z_]+=", words[0]):
        name, _, settings[name] = words.pop(0).partition("=")
    return settings, words


def _printed(ended: Ended) -> Iterator[str]:
    yield f"exit code {ended.code}"
    yield from (f"1> {each}" for each in _pieces(ended.out.decode()))
    yield from (f"2> {each}" for each in ended.errors)


def _pieces(text: str) -> list[str]:
    """Return the lines of a text, or the elements of a page."""
    return (
        re.sub(r"(?<=.)(?=<[a-z])", "\n", text).splitlines() if text.startswith("<!") else text.splitlines()
    )


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        text, name = path.read_bytes().decode("utf-8-sig"), str(path.relative_to(folder))
        if text != FILES.get(name):
            yield f"{name}{WRITTEN} ({oct(path.stat().st_mode)[-3:]})"
            lines = _pieces(text)
            # An export writes runs in any order.
            yield from (f"{name}> {each}" for each in (sorted(lines) if path.suffix == ".csv" else lines))


def _requests(*stubs: Stub) -> Iterator[str]:
    for stub in stubs:
        for each in sorted(stub.requests, key=lambda each: (each.method, each.path, *each.query.items())):
            query = "&".join(f"{name}={value}" for name, value in each.query.items())
            organization = each.headers.get("x-organization-id", "none")
            accepted = "" if each.key_accepted else ", with a wrong key"
            yield f"{each.method} {stub.url}{each.path}?{query} for organization {organization}{accepted}"
            if each.body:
                yield f"sent {each.body.decode()}"


def _counted(sleeps: list[float]) -> list[str]:
    return [f"slept {len([*group])} times {each:g} s" for each, group in groupby(sleeps)]


def _stable(text: str, folder: Path, stub: Stub, other: Stub) -> str:
    for place, name in ((stub.url, "http://stub"), (other.url, "http://other"), (str(folder), "FOLDER")):
        text = text.replace(place, name)
    text = re.sub(r"\breq-\d+|(?<= in )[\d.]+(?= s$)", "N", text)
    return re.sub(r"(?!2026-11)20\d\d-\d\d-\d\d[T ][\d:.,]+Z?", "NOW", text)
