"""Every output of `bluejay-contract`, and the requests that it sends."""

import base64
import json
import re
import shlex
import stat
from collections.abc import Iterator
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

SOUND = builders.response(builders.result(), total_tests=1)
"""A run in which no rule finds anything."""
TEXT = f"this is what Mia Weber said to the agent at 12 Elm Street, {CANARY}"
RUN = "retrieve-simulation-results/48213"
KEPT = Path(__file__).with_name("kept") / "commands.txt"
encoded = builders.encoded


def said(body: bytes, name: str = "Mia") -> Any:
    """Copy a document: replace each string and number with the text, and add this text as a key."""
    text = TEXT.replace("Mia", name)

    def copied(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: copied(each) for key, each in part.items()} | {text: text}
        return [copied(each) for each in part] if isinstance(part, list) else text

    return copied(json.loads(body))


def of(run_id: str, body: bytes) -> bytes:
    return body.replace(b'"48213"', f'"{run_id}"'.encode())


def page(*ids: int) -> bytes:
    return encoded(builders.response(*map(builders.result, ids), total_tests=3))


def entry(body: bytes, path: str = RUN, status: int = 200, **headers: str) -> dict[str, Any]:
    """Return the entry of a HAR file."""
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


def har(*entries: Any) -> bytes:
    return encoded({"log": {"entries": entries}})


def outputs() -> Iterator[str]:
    """Yield each command line, what it prints, the files that it writes, and the requests that it sends.

    To add a command line, add a line `== LINE` to the kept text, with STUB and CANARY for the stub's URL
    and its key. The lines with `##` prepare the files and the stub's answers.
    """
    lines = KEPT.read_text().split("\n")
    settings = [each[3:] for each in lines if each.startswith("## ")]
    yield from (f"## {each}" for each in settings)
    with TemporaryDirectory() as name, talk(api_key=CANARY) as say, pytest.MonkeyPatch.context() as context:
        pauses, folder = list[float](), Path(name).resolve()
        context.setattr(live, "sent", partial(live.sent, sleep=pauses.append))
        names = dict(globals()) | {"Answer": Answer, "SCENARIOS": SCENARIOS, "run": run}
        names |= {"serve": say.stub.serve, "name": names.__setitem__}
        names["file"] = lambda name, content: (folder / name).write_bytes(content) and None
        for line in [each[3:] for each in lines if each.startswith("== ")]:
            say.stub.reset()
            for each in settings:
                eval(each, names)  # noqa: S307 - an expression of ours, from the kept text
            (folder / "key").chmod(0o600)
            say.stub.serve(live.NOBODYS_RUN, _of_nobody(line))
            yield f"== {line}"
            for each in _ran(say.stub, folder, line):
                assert CANARY not in each
                yield _stable(each, say.stub, folder)
            yield from (f"pause: {each}" for each in [pauses.copy()] if pauses)
            pauses.clear()


def _of_nobody(line: str) -> Answer:
    """Return the answer for the run that doesn't exist; in two lines, the service has it or says a lot."""
    if live.NOBODYS_RUN in line:
        return Answer(of(live.NOBODYS_RUN, SCENARIOS["settled"].bodies[-1]))
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
    ended = command(*words, stdin=(folder / "many.json").read_bytes(), environment=settings, cwd=folder)
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
