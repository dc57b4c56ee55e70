"""Every output of `bluejay-contract`, and the requests that it sends."""

import base64
import json
import re
import shlex
import stat
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bluejay_contract.cli import live
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run

from ... import builders
from ...cli.command import CANARY, COMMAND, InProcess
from .talk import talk

SETTLED = SCENARIOS["settled"].bodies[-1]
RUNNING = SETTLED.replace(b'"status":"COMPLETED"', b'"status":"RUNNING"', 1)
NOBODYS = SETTLED.replace(b'"48213"', f'"{live.NOBODYS_RUN}"'.encode())
SOUND = builders.response(builders.result(), total_tests=1)
"""A run in which no rule finds anything."""
MANY = SOUND | {"simulation_results": [{"id": str(number)} for number in range(9)]}
TEXT = f"this is what Mia Weber said to the agent at 12 Elm Street, {CANARY}"


def _said(document: Any) -> Any:
    """Copy a document: replace each string and number with the text, and add this text as a key."""
    if isinstance(document, dict):
        return {key: _said(each) for key, each in document.items()} | {TEXT: TEXT}
    return [_said(each) for each in document] if isinstance(document, list) else TEXT


SAID = json.dumps(_said(json.loads(SETTLED))).encode()
HTML = {"content-type": "text/html"}
ANSWERS: Mapping[str, list[Answer]] = {
    "418": [Answer(b"", 418)],
    "302": [Answer(b"", 302, {"location": "http://127.0.0.1:9/"})],
    "503": [Answer(b"", 503)],
    "401": [Answer(b"", 401)],
    "html": [Answer(b"<html>", 200, HTML)],
    "open": [Answer(SETTLED.replace(b'"48213"', b'"open"'), authenticated=False)],
    "back": [Answer(each.replace(b'"48213"', b'"back"')) for each in (SETTLED, RUNNING)],
    "ended": [Answer(each.replace(b'"48213"', b'"ended"')) for each in (RUNNING, SETTLED)],
    "running": [Answer(RUNNING.replace(b'"48213"', b'"running"'))],
    "late": [*[Answer(b"", 503)] * 2, Answer(SETTLED.replace(b'"48213"', b'"late"'))],
    "said": [Answer(SAID), Answer(SAID.replace(b"Mia", b"Ada"))],
    "one": [Answer.json(run(passed=1, id="one"))],
    "two": [*[Answer.json(run(passed=2, id="two"))] * 2, Answer(b"", 503)],
    "drift": [Answer.json(SOUND | {"trace": "4bf9", "simulation_run": builders.run(id="drift")})],
}
"""What the stub answers for runs, besides its scenarios."""


def _entry(
    body: bytes, path: str = "retrieve-simulation-results/48213", status: int = 200, **headers: str
) -> Any:
    named = {name.replace("_", "-"): each for name, each in headers.items()}
    listed = {"content-type": "application/json"} | named
    return {
        "request": {"method": "get", "url": f"https://gateway.example/bluejay/v1/{path}"},
        "response": {
            "status": status,
            "headers": [{"name": name.title(), "value": each} for name, each in listed.items()],
            "content": {"text": base64.b64encode(body).decode(), "encoding": "base64"},
        },
    }


def _har(*entries: Any) -> bytes:
    return builders.encoded({"log": {"entries": entries}})


ONE = builders.encoded(SOUND)
BROKEN = builders.encoded(builders.response(builders.result(7, status=7), total_tests=1))
ANOTHER = builders.encoded({"simulation_result": builders.result(2)})
PAGE = partial(builders.response, total_tests=3)
FIRST, SECOND = (builders.encoded(PAGE(*map(builders.result, each))) for each in ((1, 2, 3), (3, 4)))
RUN = "retrieve-simulation-results/48213"
ELSEWHERE = {"request": {"method": "GET", "url": "https://app.example/"}}
KEPT = Path(__file__).with_name("kept") / "commands.txt"
FILES: Mapping[str, bytes] = {
    "sound.json": ONE,
    "drift.json": builders.encoded(SOUND | {"status": "500", "trace": "4bf9"}),
    "many.json": builders.encoded(MANY),
    "empty.json": b"",
    "bytes.json": bytes(range(256)),
    "deep.json": b"[" * 10_000 + b"]" * 10_000,
    "run 1.har": b"\xef\xbb\xbf" + _har(ELSEWHERE, _entry(ONE), _entry(ONE, content_encoding="gzip")),
    "faults.har": _har(
        _entry(ONE), _entry(BROKEN), _entry(BROKEN), _entry(b"", status=500),
        _entry(ONE, content_type="text/html"),
        _entry(ANOTHER, "retrieve-simulation-result/1"), _entry(ONE, RUN, 0), _entry(FIRST, f"{RUN}?limit=2"),
        _entry(SECOND, f"{RUN}?limit=2&offset=2"),
    ),
    "twice.har": json.dumps(json.loads(_har(_entry(ONE, X="1")))).replace('"X"', '"CONTENT-TYPE"').encode(),
    "refused.har": _har(_entry(b"", status=401)),
    "other.har": _har(ELSEWHERE),
    "cut.har": _har(_entry(ONE))[:200],
    "none.har": b'{"log": {}}',
    "unanswered.har": _har({"request": {"method": "GET", "url": f"http://a/v1/{RUN}"}}),
    "base64.har": _har(_entry(ONE)).replace(b'"text": "', b'"text": "a'),
    "text.har": _har({**ELSEWHERE, "request": {"method": "GET", "url": f"http://a/v1/{RUN}"},
                      "response": {"status": 200, "headers": [], "content": {"text": "{}\ud800"}}}),
    "key": CANARY.encode(),
    "wrong": b"other-key-1",
}  # fmt: skip


def outputs() -> Iterator[str]:
    """Yield each command line, what it prints, the files that it writes, and the requests that it sends.

    To add a command line, add a line `== LINE` to the kept text, with STUB and CANARY for the stub's URL
    and its key.
    """
    lines = [each[3:] for each in KEPT.read_text().split("\n") if each.startswith("== ")]
    with TemporaryDirectory() as name, talk(api_key=CANARY) as say, pytest.MonkeyPatch.context() as context:
        pauses, folder = list[float](), Path(name).resolve()
        context.setattr(live, "sent", partial(live.sent, sleep=pauses.append))
        for file, content in FILES.items():
            (folder / file).write_bytes(content)
        (folder / "key").chmod(0o600)
        for line in lines:
            say.stub.reset()
            say.stub.serve(live.NOBODYS_RUN, _of_nobody(line))
            for run_id, answers in ANSWERS.items():
                say.stub.serve(run_id, *answers)
            yield f"== {line}"
            for each in _ran(say.stub, folder, line):
                assert CANARY not in each
                yield _stable(each, say.stub, folder)
            yield from (f"pause: {each}" for each in [pauses.copy()] if pauses)
            pauses.clear()


def _of_nobody(line: str) -> Answer:
    """Return the answer for the run that doesn't exist; in two lines, the service has it or says a lot."""
    if live.NOBODYS_RUN in line:
        return Answer(NOBODYS)
    return (
        Answer.json({"detail": TEXT, "more": [{TEXT: TEXT}]}, 422) if "said" in line else Answer(b"{}", 404)
    )


def _ran(stub: Stub, folder: Path, line: str) -> Iterator[str]:
    words = shlex.split(line.replace("STUB", stub.url).replace("CANARY", CANARY))
    settings = dict[str, str]()
    while "=" in words[0]:
        name, _, settings[name] = words.pop(0).partition("=")
    before = {each.name for each in folder.iterdir()}
    command = InProcess(stub.url, COMMAND.with_name("bluejay-contract"))
    ended = command(*words, stdin=FILES["many.json"], environment=settings, cwd=folder)
    yield from ended.out.decode(errors="backslashreplace").splitlines()
    yield from (f"2> {each}" for each in ended.errors)
    yield f"exit code {ended.code}"
    for each in sorted(folder.rglob("*")):
        if each.relative_to(folder).parts[0] not in before and each.is_file():
            mode = stat.filemode(each.stat().st_mode) if "kept" in line else ""
            yield f"wrote {each.relative_to(folder)} {mode}"
            yield from (
                each.read_text().splitlines()
                if each.suffix == ".xml"
                else [f"{len(each.read_bytes())} bytes"]
            )
            each.unlink()
    for sent in stub.requests:
        names = ("accept", "user-agent", "x-organization-id", "x-api-key")
        headers = {name: sent.headers[name] for name in names if name in sent.headers}
        yield f"sent {sent.method} {sent.path} {dict(sent.query)} {sent.key_accepted} {headers}"


def _stable(text: str, stub: Stub, folder: Path) -> str:
    text = text.replace(stub.url, "STUB").replace(f"{folder}", "FOLDER")
    return re.sub(r"(bluejay-contract[ /])\d+\.\d[\w.+]*", r"\1VERSION", text)
