"""How values, paths and requests are shown: shortened, redacted, and as a command to repeat."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from attrs import evolve
from bluejay_contract.exchange import Key, Request
from bluejay_contract.failure import Failure, Severity, as_json, each_once, shown
from bluejay_contract.redaction import Redaction
from bluejay_results._secrets import Secret

from ...cli.command import CANARY

VALUES: tuple[Any, ...] = (
    *(None, True, 81.5, "COMPLETED", "Transferred to human", "She asked for Tuesday", "x" * 40, "x" * 41, ""),
    *("https://cdn.example/a.mp3?sig=1", "s3://calls/1", "/a.mp3?token=abc", "what?", CANARY, f"a {CANARY}"),
    *([1, "She asked for Tuesday"], {"She asked for Tuesday": [[]], "id": 7}, [[[[[[["deep"]]]]]]]),
    *(["é", "\n \t"], "a\n" * 1000, [*range(50)], {str(each): each for each in range(50)}),
    *("x" * 80, "x" * 81, "x" * 300),
)
PATHS = (
    *("$.simulation_results[0].id", "$['odd key'].a", "$['and she said \"no\"'][0].a"),
    '$["it\'s me, Mia Weber"]',
    *(f"$.{'x' * 41}.a", f"$['a {CANARY}']", "header content-type", r"$['\'']"),
)  # fmt: skip
SOURCES = ("http://a/b?c d", "saved run.json")


def values() -> Iterator[str]:
    """Yield how each value and each path is shown, and how it is redacted."""
    redaction = Redaction(Secret(CANARY).redact)
    for value in VALUES:
        yield f"{_short(value)} => {as_json(value)} | {shown(value)} | {redaction.received(value)}"
    for path in PATHS:
        failure = Failure("a-rule", Severity.DRIFT, path, "this", "that", "curl http://a")
        yield f"{path} => {redaction.failure(failure)}"
    yield f"100 of 301 => {shown('x' * 301, 100)}"


def _short(value: object) -> str:
    return repr(value) if len(repr(value)) < 99 else f"{repr(value)[:60]}... ({len(repr(value))})"


def reproductions() -> Iterator[str]:
    """Yield the command that repeats each kind of request."""
    for source, key, method, body in product(SOURCES, Key, ("GET", "HEAD", "POST"), (b"", b'{"a": "it\'s"}')):
        request = Request("r", key, method, source=source, body=body)
        yield f"{source}, {key} key, {method} {body!r} => {request.reproduction}"
    yield f"an entry => {Request(source='a.har', entry='log.entries[3]').reproduction}"


def merged() -> Iterator[str]:
    """Yield which of two failures that differ in one attribute are reported."""
    one = Failure("a-rule", Severity.DRIFT, "$.a", "this", "that", "curl http://a")
    for name in ("rule", "path", "expected", "received", "reproduction"):
        changed: dict[str, Any] = {name: "another"}
        kept = each_once([one, evolve(one, **changed), one])
        yield f"another {name} => {[getattr(each, name) for each in kept]}"
