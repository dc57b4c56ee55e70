"""The pages that `make corpus` and `make league` write about made-up results."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks.corpus import report as corpus_page
from benchmarks.corpus.judging import Judge, of_3_0
from benchmarks.corpus.limited import Ended
from benchmarks.corpus.results import Result as Tried
from benchmarks.corpus.results import reason_of
from benchmarks.league import report as league_page
from benchmarks.league.checked import Case
from benchmarks.league.choosing import load_chosen
from benchmarks.league.generators import GENERATORS
from benchmarks.league.results import Judged, Result
from contract_kit.judge.verdicts import Verdict

TRIED = [
    Tried("a.com/one", 1.0, 40.0, {"type": 3, "enum": 1}, judged=4),
    Tried("a.com/two", 2.0, 80.0, {"type": 2}, judged=2, wrong=("get:200:type=null",)),
    Tried("b.com", 3.0, 60.0, reason="traceback: ValueError"),
    Tried("c.com", 0.1, 30.0, reason="has no operation"),
    Tried("d.com", 0.1, 30.0, {"type": 1}),
    Tried("webhooks/d.com", 0.1, 30.0, {"type": 5}, judged=2),
]
ENDINGS = [
    (2, "contract-kit: /d.json is Swagger 2.0.\n"),
    (0, ""),
    (1, "Traceback (most recent call last):\n  ...\nValueError: bad\n"),
    (1, "Traceback (most recent call last):\n  ...\nMemoryError\n"),
    (-signal.SIGABRT, "memory allocation of 8 bytes failed\n"),
    (-signal.SIGXCPU, ""),
    (-signal.SIGSEGV, ""),
]
THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "readOnly": True}}}
CONTENT = {"application/*": {"schema": {"$ref": "#/components/schemas/Thing"}}}
ITEM = {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "integer"}}}}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "paths": {
        "/things": {"get": {"responses": {"2XX": {"$ref": "#/components/responses/Thing"}}}},
        "/orders": {"post": {"callbacks": {"other": {}, "done": {"{$request.body#/url}": ITEM}}}},
    },
    "webhooks": {"orderPaid": ITEM},
    "components": {"schemas": {"Thing": THING}, "responses": {"Thing": {"content": CONTENT}}},
}
BODIES = ['{"id": 1}', '{"id": "1"}', "{}", "1", "true", None]


def corpus() -> Iterator[str]:
    """Yield the page about documents, why a document has no mutants, and which bodies count as wrong."""
    yield from corpus_page.markdown(TRIED, "1.0.0").splitlines()
    yield from corpus_page.failures(TRIED)
    for code, errors in ENDINGS:
        why = Counter({"only a form": 2, "JWT": 1})
        yield f"{code} {errors!r} => {reason_of(Ended(code, 1.0, 40.0), errors, '/d.json', why)}"
    judge = Judge(DOCUMENT, of_3_0(DOCUMENT))
    for path, method, status in (
        ("/things", "GET", 200),
        ("orderPaid", "POST", None),
        ("POST /orders done", "POST", None),
    ):
        for group in ("type", "legal"):
            line = {"path": path, "method": method, "status": status, "group": group}
            sent = {"headers": {"Content-Type": "application/json"}}
            wrong = [judge.is_wrong(line | sent | {"body": body}) for body in BODIES]
            yield f"{path} {group} => {json.dumps(dict(zip(map(str, BODIES), wrong, strict=True)))}"


def league() -> Iterator[str]:
    """Yield the page about clients, the faults that no case explains, and the picture."""
    document = load_chosen()[0].name
    results = [
        Result(GENERATORS[0].id, document, tuple(rows(list(Verdict))), tuple(rows([Verdict.CRASHED]))),
        Result(GENERATORS[1].id, document, tuple(rows([Verdict.REFUSED_BY_BODY, Verdict.ALTERED]))),
        Result(GENERATORS[0].id, "orders", tuple(rows([Verdict.LOST, Verdict.NO_EFFECT]))),
        Result(GENERATORS[1].id, "orders", trouble="exit code 2: TypeError TS2339: Property 'secret'"),
        Result(GENERATORS[2].id, "orders", is_measured=False),
    ]
    known = Case((GENERATORS[0].id,), Verdict.CRASHED, "KeyError", "It is required.", ("some/project#7",))
    page, unchecked = league_page.markdown(results, [known], "VERSIONS")
    yield from page.splitlines()
    yield from unchecked
    yield from league_page.bars(results).splitlines()


def rows(verdicts: list[Verdict]) -> Iterator[Judged]:
    """Yield a row of each kind for each verdict."""
    for verdict in verdicts:
        for is_near_miss, expect in (
            (True, "refuse"),
            (False, "refuse"),
            (False, "accept"),
            (False, "either"),
        ):
            name = f"getThing:200:{verdict}"
            yield Judged(name, "type", "null", is_near_miss, verdict, expect, "is null", "KeyError")
