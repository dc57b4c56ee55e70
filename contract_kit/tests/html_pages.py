"""HTML reports with results of every kind. `python -m contract_kit.tests.html_pages FOLDER` writes them."""

import sys
from pathlib import Path
from typing import Any

from attrs import evolve

from contract_kit.derive.model import LEGAL, PROTOCOL, Expect, Mutant
from contract_kit.judge.effects import Effect, Finding
from contract_kit.judge.excerpts import Excerpt
from contract_kit.judge.html_report import html_report
from contract_kit.judge.results import Result, Results
from contract_kit.judge.trees import ABSENT, Tagged
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome

from .fakes import GET_ORDER, ORDER, mutant

HOSTILE = (
    "<script>pwned()</script>",
    '"><img src="https://evil.example/x.png" onerror="pwned()">',
    "</script></style></details></table><h1>Fine</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "a\u202eb\u2066c\u200fd",
    "nul\x00bell\x07escape\x1b[31m",
    "&lt;b&gt; &amp; ' \" `",
)
"""Texts that a document or a client might contain in any field."""
TIME, EPOCH = "2026-11-19T16:04:10Z", "1970-01-01T00:29:24Z"


def near_miss(given: Mutant) -> Mutant:
    """Return the mutant with an incident, which makes it a near miss."""
    return evolve(given, operator=evolve(given.operator, incident="owner/repository#1"))


def of_field(name: str, group: str = "type", **changes: Any) -> Mutant:
    """Return a mutant that breaks a property of an order."""
    given = {"schema_location": f"/components/schemas/Order/properties/{name}", "location": f"/{name}"}
    return mutant(f"getOrder:200:{group}:/{name}", **(given | {"group": group} | changes))


def of_http(operator: str, **changes: Any) -> Mutant:
    given: dict[str, Any] = {"schema_location": "", "location": "", "group": PROTOCOL, "operator": operator}
    return mutant(f"getOrder:200:{operator}", ORDER, **given, **changes)


def accepted(given: Mutant, effect: Effect, before: Any = ABSENT, after: Any = ABSENT) -> Result:
    """Return the result for an accepted response from which the caller got `after` instead of `before`."""
    path = ("orders", 0, given.location.removeprefix("/"))
    excerpt = Excerpt.of(given.valid_body, given.response.body)
    finding = Finding(effect, path, before, after)
    return evolve(Result.of(given, Outcome.ACCEPTED), finding=finding, excerpt=excerpt)


STARTS = of_field(
    "starts_at",
    body=b'{"id": 7, "starts_at": 1794413050000}',
    valid_body=b'{"id": 7, "starts_at": "2026-11-19T16:04:10Z"}',
    breaks='is 1794413050000 instead of "2026-11-19T16:04:10Z"',
)
ALTERED = accepted(near_miss(STARTS), Effect.ALTERED, Tagged("date-time", TIME), Tagged("date-time", EPOCH))
LOST = accepted(of_field("total", "required", breaks="has no property total"), Effect.LOST, 12.5, 0)
PASSED_ON = accepted(of_field("status", "enum", breaks="is 'new'"), Effect.PASSED_ON, "paid", "new")
CRASHED = Result.of(of_http("cut", breaks="ends in the middle"), Outcome.CRASHED, "IncompleteRead: 9")
REFUSED = Result.of(of_field("id", "minimum"), Outcome.REFUSED, "no")
LEGAL_REFUSED = Result.of(
    of_field("id", LEGAL, expect=Expect.ACCEPT, breaks="is 9,007,199,254,740,993"),
    Outcome.REFUSED,
    "too large",
)
UNREAD = accepted(of_field("note"), Effect.NO_EFFECT)
UNSERVED = Result.of(mutant("unserved"), Outcome.INCONCLUSIVE)
CONTROL = Result.of(
    mutant("getOrder:control"), Outcome.INCONCLUSIVE, "refused the valid response", ["say yes"]
)
ALL = (ALTERED, LOST, PASSED_ON, CRASHED, REFUSED, LEGAL_REFUSED, UNREAD)


def hostile(text: str) -> Results:
    """Return results that contain this text in every field that a document or a client determines."""
    operation = evolve(GET_ORDER, id=text, path=text)
    changes: dict[str, Any] = {"location": text, "schema_location": text, "breaks": text, "source": text}
    given = mutant(text, text.encode(), operation=operation, operator=text, **changes)
    found = accepted(given, Effect.ALTERED, text, {text: text})
    rows = (found, Result.of(given, Outcome.CRASHED, text), accepted(given, Effect.NO_EFFECT))
    return Results(rows, (Skipped(text, text),), controls=(Result.of(given, Outcome.INCONCLUSIVE, text),))


def large() -> Results:
    """Return results with 1,000 faults in 500 fields, with text as long as possible."""
    padding = "x" * 40
    valid, sent = (f'["{padding}", {f"{each}, " * 99}"{padding}"]' for each in ('"id": 12345', '"no": 12345'))
    rows = []
    for number in range(1000):
        given = of_field(f"field_{number // 2}", "required", breaks="is long: " + "x" * 100)
        found = accepted(given, Effect.ALTERED, {"id": "long" * 99}, {"id": "wrong" * 99})
        rows.append(evolve(found, excerpt=Excerpt.of(valid.encode(), sent.encode())))
    return Results(tuple(rows))


def main(folder: Path) -> None:
    pages = {
        "faults": Results(ALL),
        "fine": Results((REFUSED,)),
        "unsure": Results((UNSERVED,), controls=(CONTROL,)),
        "hostile": hostile(" ".join(HOSTILE)),
        "large": large(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, results in pages.items():
        (folder / f"{name}.html").write_bytes(html_report(results, "client:call, tested with openapi.yaml"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
