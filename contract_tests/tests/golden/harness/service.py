"""Scripts of requests and calls, kept with all that the stub answers.

To add a request, add a line to a text in `kept/stub`: `== GET path` keeps the whole response, and
`-- GET path` its status and body. `== >>> expression` keeps the value of an expression, or its error.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub, run, webhooks
from bluejay_contract.stub.requests_and_answers import StubState

from .talk import NOW, Talk, brief, digest, shown, talk

KEPT = Path(__file__).with_name("kept") / "stub"
OPTIONS: dict[str, dict[str, Any]] = {
    "known": {},
    "recorded": {"api_key": "s3cr3t"},
    "served": {},
    "queued": {"queued_run_seconds": 1000},
    "deliveries": {},
    "recordings": {},
}
"""The scripts, and the options of the stub that each of them starts."""
OF_HTTPX = {"host", "user-agent", "accept-encoding", "connection"}


def played(name: str) -> Iterator[str]:
    """Yield the lines of a script, each with what follows from it."""
    lines = (KEPT / f"{name}.txt").read_text().splitlines()
    with talk(**OPTIONS[name]) as say, _names(say) as names:
        for line in lines:
            if line.startswith("== >>> "):
                yield line
                yield from _value(line.removeprefix("== >>> "), names)
            elif line.startswith("== "):
                yield line
                yield from (each.partition(" => ")[2] or each for each in say(line[3:]))
            elif line.startswith("-- "):
                yield from (f"-- {each}" for each in say.briefly(line[3:].partition(" => ")[0]))


def _value(expression: str, names: dict[str, Any]) -> Iterator[str]:
    try:
        value = eval(expression, names)  # noqa: S307 - an expression of ours, from a kept text
    except (LookupError, TypeError, ValueError) as error:
        yield f"{error!r}".replace(str(names["folder"]), "FOLDER")
        return
    if value is not None:
        yield from map(str, value) if isinstance(value, list) else [f"{value}"]


@contextmanager
def _names(say: Talk) -> Iterator[dict[str, Any]]:
    """Yield what expressions can use."""
    with Stub() as receiver, TemporaryDirectory() as name, pytest.MonkeyPatch.context() as context:
        pauses = list[float]()
        context.setattr(time, "sleep", pauses.append)
        context.setattr(webhooks, "uuid4", lambda: "a-uuid")
        folder = Path(name)

        def deliver(**options: Any) -> list[str]:
            receiver.reset()
            pauses.clear()
            statuses = say.stub.deliver(f"{receiver.url}/hooks", **{"secret": "secret"} | options)
            return [
                f"{statuses} {pauses}",
                *(line for each in receiver.requests for line in _delivered(each)),
            ]

        def recording(**options: Any) -> str:
            (folder / "run.har").write_text(json.dumps(options))
            return say.stub.serve_recording(folder / "run.har")

        def states(*queries: str) -> list[int]:
            return [
                say.send(f"GET retrieve-simulation-results/48300?{each}").json()["state"] for each in queries
            ]

        def result(id_: int) -> str:
            return digest(say.send(f"GET retrieve-simulation-result/{id_}").json()["simulation_result"])

        def queue(times: int) -> None:
            for _ in range(times):
                say.send("""POST queue-simulation-run '{"simulation_id": "740"}'""")

        def later(seconds: float) -> None:
            say.stub.now = NOW + timedelta(seconds=seconds)

        def recorded() -> list[str]:
            return [_recorded(each) for each in say.stub.requests]

        yield dict(globals()) | locals() | {"stub": say.stub, "run": run}


def _delivered(each: Any) -> Iterator[str]:
    headers = {
        name: value for name, value in each.headers.items() if name.startswith(("x-bluejay", "content-type"))
    }
    yield f"{each.method} {each.path} {headers}"
    yield from shown(each.body)


def _recorded(each: Any) -> str:
    headers = {name: value for name, value in each.headers.items() if name not in OF_HTTPX}
    return f"{asdict(each) | {'headers': headers, 'body': brief(each.body)}} {each.run_id}"


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def numbered(count: int, first: int = 0, **fields: Any) -> Answer:
    """Return an answer with numbered results."""
    return Answer.json({**fields, "simulation_results": [{"id": first + each} for each in range(count)]})


def entry(query: str, count: int, run_id: str = "48300") -> dict[str, Any]:
    """Return the entry of a recording, with numbered results."""
    headers = {"Date": "Wed, 25 Nov 2026 08:00:00 GMT", "Content-Encoding": "gzip", "X-A": f"{count}"}
    listed = [{"name": name, "value": value} for name, value in headers.items()]
    url = f"https://gateway.example/v1/retrieve-simulation-results/{run_id}?{query}"
    content = {"mimeType": "application/json", "text": numbered(count).body.decode()}
    return {
        "request": {"method": "GET", "url": url},
        "response": {"status": 200, "headers": listed, "content": content},
    }


def remembered(count: int) -> str:
    """Return the first and last request that are left of this many."""
    state = StubState("a-key")
    request: dict[str, Any] = {"method": "GET", "query": {}, "operation": None, "resource_id": ""}
    for number in range(count):
        state.record(path=f"/{number}", headers={}, body=b"", key_accepted=False, **request)
    return f"{state.requests[0].path} to {state.requests[-1].path}"
