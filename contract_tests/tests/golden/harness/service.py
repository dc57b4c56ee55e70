"""The stub's answers to every kind of request, and those that a test serves."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub, run, webhooks
from bluejay_contract.stub.requests_and_answers import StubState

from .talk import NOW, Talk, brief, digest, shown, talk

RESULTS, RESULT, RUNS = "retrieve-simulation-results", "retrieve-simulation-result", "get-simulation-runs"
QUEUE = "POST queue-simulation-run"
PATHS = (f"{RESULTS}/48213?limit=1", f"{RESULT}/482130001", f"{RUNS}/735", "queue-simulation-run")
KNOWN = [f"{RUNS}/{each}" for each in ("731", "732", "733", "734", "735", "736", "737", "738", "<string>")]
UNKNOWN = (
    *(f"{RESULTS}/none", f"{RESULT}/482139999", f"{RESULT}/none", f"{RUNS}/x", f"{RUNS}/9", f"{RESULTS}/a/b"),
    *(
        f"{RESULTS}/",
        f"{RESULT}s/1/2",
        "/",
        "/v2/get-simulation-runs/731",
        "/retrieve-simulation-results/48213",
    ),
)
NUMBERS = ("1", "0", "100", "101", "", "x", "7.0", "7.5", "-1", f"{10**30}", "5&limit=7", "5&other=x")
ONE_ID = "00000000-0000-0000-0000-000000000001"
BODIES = (
    *('""', "'[]'", "'{'", "'\"\\xff\"'", "'{}'", '\'{"simulation_id": NaN}\'', "'[1, 2'"),
    f'\'{{"simulation_id": "740", "prompt_id": "{ONE_ID}", "agent_version_id": "{ONE_ID[:-1]}2"}}\'',
    f'\'{{"simulation_id": "740", "prompt_id": "{ONE_ID}", "agent_version_id": "{ONE_ID}"}}\'',
    *(f'\'{{"simulation_id": "740", "runs_per_digital_human": {each}}}\'' for each in (0, 1.5, "null")),
    '\'{"simulation_id": "740", "digital_human_ids": ["7", "7", "x"], "runs_per_digital_human": 2}\'',
    '\'{"simulation_id": "\\ud800", "digital_human_ids": []}\'',
)  # fmt: skip


def known() -> Iterator[str]:
    """Yield the answers to requests for each operation, with each key and method, and for each simulation."""
    with talk() as say:
        for path in PATHS:
            for method in ("GET", "POST", "PUT", "DELETE"):
                yield from say.briefly(*(f"{method} {path}{key}" for key in ("", " key=none", " key=wrong")))
        yield from say(*(f"GET {each}" for each in (*KNOWN, *UNKNOWN)))
        for name in ("limit", "offset"):
            yield from say.briefly(*(f"GET {RESULTS}/48233?{name}={each}" for each in NUMBERS))
        yield from say.briefly(f"GET {RESULTS}/48233?limit=7&offset=11", f"GET {RESULT}/482130001?limit=0")
        say.stub.pages = False
        yield from say.briefly(
            *(f"GET {RESULTS}/48233?{each}" for each in ("limit=1", "offset=200", "limit=x"))
        )


OF_HTTPX = {"host", "user-agent", "accept-encoding", "connection"}


def recorded() -> Iterator[str]:
    """Yield the requests that the stub has recorded."""
    with talk(api_key="s3cr3t") as say:
        long = json.dumps({"simulation_id": "7" * 9_000})
        for line in (
            f"GET {RESULTS}/a%2Fb%20c?limit=5&offset=%31&limit=1000&x= accept=a/b",
            f"GET {RESULT}/%C3%BC%3F key=wrong", f"PUT {RUNS}/a%2Bb key=none", "GET / accept=c/d",
            f"{QUEUE} '{long}'", f"DELETE {RESULTS}/",
        ):  # fmt: skip
            say.send(line)
        for each in say.stub.requests:
            headers = {name: value for name, value in each.headers.items() if name not in OF_HTTPX}
            yield f"{asdict(each) | {'headers': headers, 'body': brief(each.body)}} {each.run_id}"
        yield f"{list(say.stub.environment)} {say.stub.api_key}"


def served() -> Iterator[str]:
    """Yield the answers that a test serves, in turn; requests that are refused use up no answer."""
    with talk() as say:
        answers = [Answer.json({"turn": turn, "simulation_results": [{"id": turn}] * 3}) for turn in range(3)]
        say.stub.serve("a/b ü", *answers)
        say.stub.serve_result("48", *answers)
        say.stub.serve_runs("740", *answers)
        say.stub.serve_queue(*answers)
        body = '{"simulation_id": "740"}'
        for line in (
            f"GET {RESULTS}/a%2Fb%20%C3%BC",
            f"GET {RESULT}/48",
            f"GET {RUNS}/740",
            f"{QUEUE} '{body}'",
        ):
            refused = [f"{line} key=wrong", line.replace(body, "{}") if body in line else f"{line}?limit=0"]
            yield from say.briefly(line, *refused, *[line] * 3)
        yield from _orders(say)
        yield from _served_pages(say)
        yield from _answers(say)
        yield from _results(say)
        simulated = [
            run(failed=each, id=f"{50_000 + each}", status=each % 2 and "RUNNING") for each in range(4)
        ]
        simulated[3]["simulation_run"]["status"] = None
        say.stub.serve_simulation("741", simulated)
        yield from say(f"GET {RUNS}/741", f"GET {RESULTS}/50002?limit=1")
        nothing: Any = b""
        calls: list[Callable[[], object]] = [
            lambda: say.stub.serve_simulation("1", [run(), run()]),
            lambda: say.stub.serve("1", Answer(), nothing),
        ]
        for call in calls:
            with pytest.raises((ValueError, TypeError)) as caught:
                call()
            yield f"{caught.value!r}"


STATUS, FIRST, SECOND = "limit=1", "limit=100&offset=0", "limit=100&offset=100"


def _orders(say: Talk) -> Iterator[str]:
    """Yield which state each request sees: a read of all pages shows one state."""
    states = [Answer.json({"state": state, "simulation_results": []}) for state in range(4)]
    for queries in (
        [STATUS] * 3, [STATUS, FIRST, SECOND, STATUS, FIRST], [FIRST, SECOND] * 2, [FIRST, *[SECOND] * 3],
        [SECOND, FIRST], ["", FIRST, "limit=3"], [FIRST, SECOND, STATUS], [FIRST] * 6,
    ):  # fmt: skip
        say.stub.serve("48300", *states)
        seen = [say.send(f"GET {RESULTS}/48300?{each}").json()["state"] for each in queries]
        yield f"{queries} => {seen}"


def _served_pages(say: Talk) -> Iterator[str]:
    def numbered(count: int) -> Answer:
        return Answer.json({"simulation_results": [{"id": each} for each in range(count)]})

    line = f"GET {RESULTS}/48301?"
    say.stub.serve("48301", Answer(status=503), numbered(101), numbered(102))
    yield from say.briefly(*(f"{line}offset={each}" for each in (0, 100, 0, 100, 0, 100)))
    say.stub.serve("48301", Answer(b"no", 502), numbered(3), offset=100)
    for query in ("offset=100", "offset=100", "offset=100&limit=2", "offset=0", "offset=200"):
        yield from say.briefly(f"{line}{query}")
    say.stub.serve("48301", numbered(101))
    yield from say.briefly(f"{line}offset=100")
    for body in (
        b"", b"[" * 100_000, b'{"simulation_results": [1, 2, 3]} x', b'{"simulation_results": {"0": 1}}',
        b'{"results": [1, 2]}', b"[1, 2, 3]", b"\xff", b'{ "simulation_results" : [ 1 ] , "a": [1]}',
        b'{"a": [1.0, "\\u00e9"], "simulation_results": [{}, { "x":1e2 }, 3], "b": -0}',
    ):  # fmt: skip
        say.stub.serve("48301", Answer(body))
        yield from say.briefly(f"{line}limit=1&offset=1")


def _answers(say: Talk) -> Iterator[str]:
    """Yield the response for each attribute of an answer."""
    say.stub.now = NOW + timedelta(days=1)
    for answer in (
        *(Answer(status=status) for status in (200, 301, 520, 599)), Answer(b"\x00\xff {not json\r\n"),
        Answer.json({"detail": "zu früh", "wait": [1, 2]}, status=425, delay=0.001),
        Answer(headers={"Retry-After": "7", "X-Request-ID": "mine"}), Answer(headers={"Date": "soon"}),
        Answer(date=timedelta(hours=-1)), Answer(date="soon"), Answer(date=None), Answer(authenticated=False),
    ):  # fmt: skip
        say.stub.serve("48302", answer)
        yield f"{answer}"
        yield from say(f"GET {RESULTS}/48302", f"GET {RESULTS}/48302 key=wrong")
    for status, delay in ((199, 0), (600, 0), (200, -1), (200, float("inf"))):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is kept
            Answer(status=status, delay=delay)
        yield f"{caught.value}"


def _results(say: Talk) -> Iterator[str]:
    """Yield what a result fetched by id shows before and after each poll of its run."""
    runs = [run(passed=[{"duration": length}], id="mine") for length in (1, 2)]
    say.stub.serve("mine", Answer.json(runs[0]), Answer(b"<html>", 502), Answer.json(runs[1]))
    line = f"GET {RESULT}/{runs[0]['simulation_results'][0]['id']}"
    for _ in range(4):
        yield f"{line} => {digest(say.send(line).json()['simulation_result'])}"
        say.send(f"GET {RESULTS}/mine")
    say.stub.serve("48213", Answer(b"{}"))
    yield from say.briefly(f"GET {RESULT}/482130001")


CHANGES = (100, 200, 300, 400, 500, 600, 750, 1000)
"""The seconds after which a run with a life of 1,000 seconds changes."""


def queued() -> Iterator[str]:
    """Yield a queued run at each moment at which it changes, and one step before."""
    with talk(queued_run_seconds=1000) as say:
        yield from say(*(f"{QUEUE} {each}" for each in BODIES))
        yield from say(
            f"{QUEUE} '{json.dumps({'simulation_id': '731', 'digital_human_ids': ['7', '8', '9']})}'"
        )
        yield from _life(say)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is kept
        Stub(queued_run_seconds=0)
    yield f"{caught.value}"
    with talk() as say:
        for _ in range(101):
            say.send(f'{QUEUE} \'{{"simulation_id": "740"}}\'')
        yield from say.briefly(*(f"GET {RESULTS}/{each}?limit=1" for each in (48401, 48402, 48501)))
    state = StubState("a-key")
    request: dict[str, Any] = {"method": "GET", "query": {}, "operation": None, "resource_id": ""}
    for number in range(10_001):
        state.record(path=f"/{number}", headers={}, body=b"", key_accepted=False, **request)
    yield f"remembered: {state.requests[0].path} to {state.requests[-1].path}"


def _life(say: Talk) -> Iterator[str]:
    """Yield the newest run at each moment at which it changes, and just before."""
    newest = max(each["id"] for each in say.send(f"GET {RUNS}/731").json()["simulation_runs"])
    for moment in (0, *(each + step for each in CHANGES for step in (-0.1, 0))):
        say.stub.now = NOW + timedelta(seconds=moment)
        yield f"after {moment} s"
        yield from say(f"GET {RESULTS}/{newest}")
        listed = say.send(f"GET {RUNS}/731").json()["simulation_runs"]
        yield f"listed as {next(each for each in listed if each['id'] == newest)}"
        fetched = say.send(f"GET {RESULT}/{newest}0003").json()
        yield f"the last result is {digest(fetched['simulation_result'])}"


HEADERS = ("x-bluejay", "content-type")


def deliveries() -> Iterator[str]:
    """Yield the webhook deliveries with each fault, those of a scenario and of a queued run."""
    events = [{"type": "a"}, {"type": "b"}]
    with talk() as say, Stub() as receiver, pytest.MonkeyPatch.context() as context:
        pauses = list[float]()
        context.setattr(time, "sleep", pauses.append)
        context.setattr(webhooks, "uuid4", lambda: "a-uuid")

        def deliver(**options: Any) -> Iterator[str]:
            receiver.reset()
            statuses = say.stub.deliver(f"{receiver.url}/hooks", **options)
            yield f"{options} => {statuses} {pauses}"
            pauses.clear()
            for each in receiver.requests:
                headers = {name: value for name, value in each.headers.items() if name.startswith(HEADERS)}
                yield f"{each.method} {each.path} {headers}"
                yield from shown(each.body)

        for fault in webhooks.FAULTS:
            yield from deliver(secret="secret", events=events, fault=fault, delay=1.5)
        yield from deliver(secret="other", run_id="48217")
        yield from deliver(secret="other", run_id="48227")
        queued = say.send(f'{QUEUE} \'{{"simulation_id": "740", "digital_human_ids": ["7"]}}\'').json()
        yield from deliver(secret="other", run_id=queued["simulation_run_id"])
        say.stub.serve("9", Answer.json(run(passed=1, id="9")), Answer.json(run(passed=1, failed=1, id="9")))
        yield from deliver(secret="other", run_id="9")
    refused: list[dict[str, Any]] = [{"run_id": "48213", "fault": "late"}, {"run_id": "none"}]
    for options in refused:
        with pytest.raises((ValueError, LookupError)) as caught:
            say.stub.deliver("http://127.0.0.1:9/", "secret", **options)
        yield f"{options} => {caught.value!r}"
    yield f"nobody listens => {say.stub.deliver('http://127.0.0.1:9/', 'secret', events=events)}"


def recordings() -> Iterator[str]:
    """Yield what the stub sends from a recording."""
    with talk() as say, TemporaryDirectory() as name:
        file = Path(name, "run.har")
        pages = {"limit=1": 1, "limit=100": 100, "limit=100&offset=100": 50}
        entries = [*(_entry(*each) for each in pages.items()), _entry("limit=0", 1), _entry("limit=1", 2)]
        file.write_text(json.dumps({"log": {"entries": entries}}))
        yield f"serves {say.stub.serve_recording(file)}"
        for query in (*pages, *pages, "limit=2&offset=100", "offset=300", "limit=1"):
            response = say.send(f"GET {RESULTS}/48300?{query}")
            yield from say.briefly(f"GET {RESULTS}/48300?{query}")
            yield f" {response.headers.multi_items()}"
        two: list[object] = [*entries, _entry("", 1, "48301")]
        files: list[Any] = [{"log": {"entries": []}}, {}, {"log": {"entries": two}}]
        for wrong in files:
            file.write_text(json.dumps(wrong))
            with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is kept
                say.stub.serve_recording(file)
            yield f"{caught.value}".replace(name, "FOLDER")


def _entry(query: str, count: int, run_id: str = "48300") -> dict[str, object]:
    headers = {"Date": "Wed, 25 Nov 2026 08:00:00 GMT", "Content-Encoding": "gzip", "X-A": f"{count}"}
    body = Answer.json({"simulation_results": [{"id": each} for each in range(count)]}).body.decode()
    return {
        "request": {"method": "GET", "url": f"https://gateway.example/v1/{RESULTS}/{run_id}?{query}"},
        "response": {
            "status": 200,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "content": {"mimeType": "application/json", "text": body},
        },
    }
