"""Two tables of effects: of single results, and of many changes of a body for many clients."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from contract_kit.judge.effects import Comparison, Effect, Finding
from contract_kit.judge.trees import ABSENT, written
from contract_kit.read.paths import json_path
from contract_kit.serve.returned import Returned

from .texts import Case, unescaped


def findings(cases: Iterable[Case]) -> Iterator[str]:
    """Yield a case's effect: `[legal] BODY -> BODY ; RETURNED -> RETURNED`.

    ` ; again RETURNED` follows if the client's second result differs, ` ; absent RETURNED` if there is a
    default, and ` ; metadata WORDS` if the client may return these words.
    """
    for case in cases:
        bodies, results, *more = case.text.removeprefix("legal ").split(" ; ")
        valid, sent = map(unescaped, bodies.split(" -> "))
        first, returned = (unescaped(each).decode("latin-1") for each in results.split(" -> "))
        options = dict(each.split(" ", 1) for each in more)
        second = unescaped(options["again"]).decode("latin-1") if "again" in options else first
        comparison = Comparison(valid, Returned(first), Returned(second))
        is_legal = case.text.startswith("legal ")
        found = comparison.finding(
            sent,
            returned,
            is_legal=is_legal,
            default=partial(_option, options),
            metadata=options.get("metadata", "").split(),
        )
        doubt = comparison.not_comparable
        yield shown(found) + (f"; not comparable: {doubt}" if doubt else "")


def _option(options: dict[str, str], _: object) -> str | None:
    return options.get("absent")


def shown(found: Finding) -> str:
    if found.effect is Effect.NO_EFFECT:
        return found.effect
    return f"{found.effect} {json_path(found.path)}: {written(found.before)} -> {written(found.after)}"


Body = dict[str, Any]
Client = Callable[[Body], Any]
MOMENT = "2026-11-19T16:04:10Z"
VALID: Body = {
    "id": 150,
    "amount": 7,
    "price": 1.5,
    "status": "open",
    "is_paid": True,
    "note": None,
    "created_at": MOMENT,
    "tags": ["red", "new"],
    "buyer": {"name": "Ann", "age": 41},
}
SENT: list[Any] = [
    ABSENT,
    None,
    "",
    "N/A",
    "150",
    151,
    0,
    -1.25,
    False,
    MOMENT.replace("10Z", "11Z"),
    [],
    ["red"],
]
SENT += [["new", "red"], ["red", "new", "old"], {}, {"name": "Bob", "age": 41}, {"name": "Ann"}]
CLIENTS: dict[str, Client] = {
    "as it is": lambda body: body,
    "its text": json.dumps,
    "renamed": lambda body: {name.replace("_", "").upper(): value for name, value in body.items()},
    "inside": lambda body: {"data": [{"attributes": body}], "count": 1},
    "values": lambda body: list(body.values()),
    "as text": lambda body: {name: f"{value}" for name, value in body.items()},
    "or null": lambda body: {name: body.get(name) for name in VALID},
    "or empty": lambda body: {name: body.get(name) or "" for name in VALID},
    "or default": lambda body: {name: body.get(name, "none") for name in VALID},
    "only typed": lambda body: {name: typed(body, name, ABSENT) for name in VALID},
    "else valid": lambda body: {name: typed(body, name, VALID[name]) for name in VALID},
    "else -1": lambda body: {name: typed(body, name, -1) for name in VALID},
    "flat": lambda body: {**body, **body["buyer"]} if isinstance(body.get("buyer"), dict) else body,
    "counted": lambda body: {"properties": len(body), "characters": len(f"{body.get('tags')}")},
    "only id": lambda body: body.get("id"),
}


def typed(body: Body, name: str, otherwise: Any) -> Any:
    value = body.get(name)
    return value if type(value) is type(VALID[name]) else otherwise


def changes() -> Iterator[tuple[str, Body]]:
    """Yield a label and a body for each property and each value that it can get instead."""
    for name in VALID:
        for value in SENT:
            yield f"{name} {written(value)}", without_absent({**VALID, name: value})
    yield "new property", {**VALID, "new": "x"}
    yield "two changes", {**VALID, "id": "150", "status": None}


def without_absent(value: Any) -> Any:
    """Return a tree without members that are absent."""
    return {k: v for k, v in value.items() if v is not ABSENT} if isinstance(value, dict) else value


def effect(client: Client, body: Body, *, is_legal: bool, change: Client = lambda tree: tree) -> Effect:
    """Return a body's effect if this client is called, and `change` applied to what it returns."""

    def returned(given: Body) -> str:
        return json.dumps(change(without_absent(client(given))))

    gone = {name for name in VALID if body.get(name, ABSENT) != VALID[name]}
    default = returned({name: value for name, value in VALID.items() if name not in gone})
    first = Returned(returned(VALID))
    comparison = Comparison(json.dumps(VALID).encode(), first, first)
    sent = json.dumps(body).encode()
    return comparison.finding(sent, returned(body), is_legal=is_legal, default=lambda _: default).effect


def of_clients(_cases: Iterable[Case]) -> Iterator[str]:
    """Yield each change's effects: in capitals if the body breaks the document, and else in small letters."""
    for _, body in changes():
        both = [
            [effect(client, body, is_legal=each) for each in (False, True)] for client in CLIENTS.values()
        ]
        yield " ".join(f"{broken[0].upper()}{legal[0]}" for broken, legal in both)


def clients() -> list[Case]:
    heading = f"columns: {', '.join(CLIENTS)}. No effect, Passed on, Lost, Altered"
    return [Case(heading.replace(": ", " "), label) for label, _ in changes()]
