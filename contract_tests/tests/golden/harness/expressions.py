"""Scripts of expressions, kept with the value or the error of each.

To add one, add a line `== EXPRESSION` to a text in `kept/expressions`.
"""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from attrs import evolve
from bluejay_contract.checks import check_sequence, pairs
from bluejay_contract.checks.rule import Rule
from bluejay_contract.exchange import Exchange, Key, Request
from bluejay_contract.failure import Failure, Severity, Words, as_json, each_once, shown
from bluejay_contract.operations import Operation, Page, requested
from bluejay_contract.parsing import parsed
from bluejay_contract.redaction import Redaction
from bluejay_contract.stub import run
from bluejay_contract.stub.scenarios.conversation import conversation
from bluejay_results._secrets import Secret

from ...cli.command import CANARY
from ...harness.findings import answered, found_in
from ...harness.mutants.case import encoded, sound

KEPT = Path(__file__).with_name("kept") / "expressions"
NAMES = [each.stem for each in sorted(KEPT.glob("*.txt"))]
PARTS = (
    *(
        Exchange,
        Key,
        Request,
        Failure,
        Severity,
        as_json,
        each_once,
        shown,
        Operation,
        Page,
        requested,
        parsed,
    ),
    *(run, conversation, encoded, sound, evolve),
)
LONG = 500
"""The length from which a value is shortened; its checksum follows."""
REDACTION = Redaction(Secret(CANARY).redact)
ONE = Failure("a-rule", Severity.DRIFT, "$.a", "this", "that", "curl http://a")


def path(text: str) -> str:
    """Return how a path of a failure is shown in a report about a live service."""
    return REDACTION.failure(evolve(ONE, path=text)).path


def leaked(key: str, text: str) -> list[str]:
    """Return where the rules find a key in a body and a header with this text."""
    exchange = Exchange(Request("48213", Key.VALID, secret=key), 500, {"x-echo": text}, text.encode())
    return [each.path for each in found_in(exchange) if each.rule == "leaked-api-key"]


def reported(count: int, expected: str) -> tuple[int, str, str]:
    """Return how many failures a rule reports of this many, the last path, and the end of a text."""
    found = ("$.a", expected, Words("c"))
    rule = Rule("rule", Severity.DRIFT, "", lambda *_: iter([found] * count), lambda *_: True)
    failures = list(rule.failures(answered({}), answered({})))
    return len(failures), failures[-1].path, failures[0].expected[-3:]


def compared(*pages: Page | None) -> list[tuple[int, int]]:
    """Return which responses the rules compare, by number; in none of them is a contradiction."""
    reads = [answered({"simulation_run": {}}, page=page) for page in pages]
    assert [found for pair in pairs(reads) for found in check_sequence(*pair)] == []
    numbers = {id(each): index for index, each in enumerate(reads)}
    return [(numbers[id(first)], numbers[id(last)]) for first, last in pairs(reads)]


def expressions(name: str) -> Iterator[str]:
    """Yield the lines of a script, each with its value."""
    names = {each.__name__: each for each in PARTS} | {"redacted": REDACTION.received, "CANARY": CANARY}
    names |= {each.__name__: each for each in (path, leaked, reported, compared, answered, found_in)}
    names["ONE"] = ONE
    for line in (KEPT / f"{name}.txt").read_text().splitlines():
        if line.startswith("== "):
            yield line
            try:
                value = eval(line[3:], names)  # noqa: S307 - an expression of ours, from the kept text
            except (TypeError, ValueError) as error:
                value = error
            text = f"{value!r}"
            yield text if len(text) < LONG else f"{text[:200]}... checksum {crc32(text.encode()):08x}"
