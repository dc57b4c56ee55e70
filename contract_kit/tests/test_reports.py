"""The contents of `contract-kit test` reports, which no text from a client or a server can corrupt."""

import json
import re
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve

from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.results import Result, Results, Since
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome

from .fakes import mutant

WRONG = Result.of(mutant("getOrder:200:type"), Outcome.ACCEPTED)
HOSTILE = "\x1b[2J|<b>`*\u202e]]>\x00\ud800"
HOSTILE_RESULTS = Results(
    (Result.of(mutant(HOSTILE, breaks=HOSTILE), Outcome.CRASHED, HOSTILE),),
    (Skipped("where", HOSTILE),),
    since=Since((f"gone {HOSTILE}",), 0, 100, 0, frozenset()),
)


def text(results: Results, listed: int | None) -> str:
    return ClientReport(results, listed).text()


def plain_markdown(results: Results, listed: int | None) -> str:
    """Return the Markdown report without the backslashes that escape characters."""
    return re.sub(r"\\(.)", r"\1", ClientReport(results, listed).markdown())


def suites(results: Results) -> dict[str | None, dict[str, str]]:
    """Return the counts in the JUnit report, by suite."""
    root = fromstring(ClientReport(results).junit())  # noqa: S314 - ours
    return {suite.get("name"): dict(suite.items()) for suite in root}


@pytest.mark.parametrize(
    ("is_known", "is_new", "fail_on", "counts"),
    [
        (True, False, ["new", "gone"], False),
        (False, True, ["gone"], False),
        (False, True, ["new"], True),
        (False, False, [], True),
    ],
)
def test_a_fault_is_a_failure_unless_it_is_known_or_new_since_the_baseline(
    is_known: bool, is_new: bool, fail_on: list[str], counts: bool
) -> None:
    found = evolve(WRONG, is_known=is_known, is_new=is_new)
    results = Results((found,), since=Since((), 0, 100, 0, frozenset(fail_on)))
    document = json.loads(ClientReport(results).json())
    assert (document["passed"], document["fields"]) == (not counts, counts)
    assert document["rows"][0].items() >= {"known": is_known, "new": is_new}.items()
    assert suites(results)["getOrder"].items() >= {
        ("failures", str(int(counts))),
        ("skipped", str(int(not counts))),
    }
    for written in (text(results, 9), plain_markdown(results, 9)):
        assert (WRONG.mutant.id in written) is not is_known


def test_a_report_escapes_control_characters_from_a_server_a_client_or_a_baseline() -> None:
    assert all(line.isprintable() for line in text(HOSTILE_RESULTS, None).splitlines())
    assert r"gone \\x1b\[2J\|\<b\>\`\*\\u202e" in ClientReport(HOSTILE_RESULTS).markdown()
    assert ClientReport(evolve(HOSTILE_RESULTS, all=())).json().replace("\n", "").isprintable()
    found = suites(HOSTILE_RESULTS)
    assert found["getOrder"].items() >= {("tests", "1"), ("errors", "1")}
    assert [each["skipped"] for each in found.values()] == ["0", "1"]
