"""The contents of `contract-kit test` reports, which no text from a client or a server can corrupt."""

import json
import re
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve

from contract_kit.derive.model import Expect, Strictness
from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.results import Result, Results, Since
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome

from .fakes import LIST_ORDERS, ORDER, mutant

WRONG = Result.of(mutant("getOrder:200:type"), Outcome.ACCEPTED)
BY_BODY = Result.of(mutant("by body"), Outcome.REFUSED, "no")
BY_STATUS = Result.of(mutant("by status", status=404), Outcome.REFUSED, "no")
CONTROL = Result.of(
    mutant("getOrder:control", ORDER, expect=Expect.ACCEPT), Outcome.INCONCLUSIVE, "said no", ["say yes"]
)
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


def test_the_json_report_contains_every_row() -> None:
    document = json.loads(ClientReport(Results((WRONG, BY_BODY, BY_STATUS))).json())
    assert (document["format"], document["version"], document["passed"]) == ("contract-kit/test", 5, False)
    assert [each["id"] for each in document["rows"]] == ["getOrder:200:type", "by body", "by status"]
    assert document["rows"][0].items() >= {"verdict": "wrongly accepted", "bad": True}.items()
    given = mutant("getOrder:200:type")
    expected = {"key": given.key, "schema_location": given.schema_location}
    assert document["rows"][0].items() >= expected.items()
    assert document["counts"].items() >= {"refused by status": 1, "refused by body": 1}.items()


def test_each_field_of_a_json_row_matches_its_result() -> None:
    given: dict[str, Any] = {"group": "enum", "expect": Expect.EITHER, "operator": "enum new"}
    given |= {"source": "RFC", "strictness": Strictness.SHOULD}
    where = "/components/schemas/Order/properties/status"
    texts = {"location": "/status", "schema_location": where, "breaks": "is new", "reason": "it may be"}
    new = mutant("id", status=201, **(given | texts))
    results = Results((Result.of(new, Outcome.REFUSED, "no"),))
    [row] = json.loads(ClientReport(results).json())["rows"]
    assert row == texts | {
        "id": "id",
        "key": new.key,
        "operation": "getOrder",
        "group": "enum",
        "field": "Order.status",
        "expect": "either",
        "verdict": "tolerated",
        "bad": False,
        "status": 201,
        "operator": "enum new",
        "incident": None,
        "keeps_meaning": False,
        "strictness": "should",
        "source": "RFC",
        "detail": "no",
        "difference": None,
        "not_compared": None,
        "advice": [],
        "known": False,
        "new": False,
        "ignored": False,
    }


def test_every_report_identifies_the_valid_response_that_the_client_refused() -> None:
    results = Results((Result.of(mutant("unserved"), Outcome.INCONCLUSIVE),), controls=(CONTROL,))
    document = json.loads(ClientReport(results).json())
    assert (document["passed"], document["inconclusive"][0]["id"]) == (False, "getOrder:control")
    errors = {name: each["errors"] for name, each in suites(results).items()}
    assert errors == {"inconclusive": "1", "getOrder": "0"}
    assert document["inconclusive"][0]["advice"] == ["say yes"]
    for written in (text(results, 9), plain_markdown(results, 9)):
        assert "getOrder:control: said no" in written
        assert "- say yes" in written or "    say yes" in written


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


def test_a_report_counts_what_differs_from_the_baseline() -> None:
    new = evolve(Result.of(mutant("new"), Outcome.ACCEPTED), is_new=True)
    gone = tuple(f"getOrder:200:{at}" for at in range(5))
    results = Results((WRONG, new, new), since=Since(gone, 4, 100, 0, frozenset()))
    found = json.loads(ClientReport(results).json())["baseline"]
    assert found == {"worse": 1, "new": 2, "better": 4, "gone": list(gone)}
    for write in (text, plain_markdown):
        found = write(results, 3)
        assert all(count in found for count in ("1 worse", "2 new", "5 gone", "4 better"))
        assert [each in write(results, 3) for each in gone] == [True, True, True, False, False]


def test_faults_on_legal_responses_are_mentioned_above_the_list() -> None:
    given: dict[str, Any] = {"group": "legal", "expect": Expect.ACCEPT, "breaks": "is null"}
    legal = Result.of(
        mutant("legal", schema_location="/components/schemas/Order/properties/note", **given), Outcome.REFUSED
    )
    for write in (text, plain_markdown):
        assert "2 faults in 2 fields; 1 on responses that the document allows: Order.note" in write(
            Results((WRONG, legal)), 9
        )
        assert "a legal response that is null" in write(Results((WRONG, legal)), 9)
        assert "the document allows" not in write(Results((WRONG,)), 9)


def test_a_field_is_listed_with_the_number_of_operations_in_which_it_has_faults() -> None:
    other = Result.of(mutant("listOrders:200:type", operation=LIST_ORDERS), Outcome.ACCEPTED)
    for write in (text, plain_markdown):
        assert "Order.id (wrongly" in write(Results((WRONG,)), 9)
        assert "Order.id, in 2 operations (wrongly" in write(Results((WRONG, other)), 9)


def test_a_field_is_listed_with_one_fault_unless_all_faults_are_requested() -> None:
    at = WRONG.mutant.schema_location.replace("type", "enum")
    other = Result.of(mutant("enum0", group="enum", schema_location=at), Outcome.ACCEPTED)
    results = Results((*(Result.of(mutant(f"type{at}"), Outcome.ACCEPTED) for at in range(5)), other))
    assert json.loads(ClientReport(results).json())["fields"] == 1
    for write in (text, plain_markdown):
        assert "6 faults in 1 field" in write(results, 9)
        assert "(wrongly accepted: responses that violate type, enum)" in write(results, 9)
        assert ["enum0" in write(results, listed) for listed in (9, None)] == [False, True]


@pytest.mark.parametrize(
    ("outcome", "changes", "is_cited"),
    [
        (Outcome.ACCEPTED, {}, False),
        (Outcome.ACCEPTED, {"strictness": Strictness.SHOULD}, True),
        (Outcome.ACCEPTED, {"group": "protocol"}, True),
        (Outcome.REFUSED, {"group": "legal", "expect": Expect.ACCEPT}, True),
        (Outcome.CRASHED, {"group": "protocol"}, False),
        (Outcome.REFUSED, {"group": "protocol"}, False),
    ],
)
def test_a_row_cites_a_source_only_if_the_source_explains_the_verdict(
    outcome: Outcome, changes: dict[str, Any], is_cited: bool
) -> None:
    results = Results((Result.of(mutant("a", **changes, source="RFC 1"), outcome),))
    [row] = json.loads(ClientReport(results).json())["rows"]
    assert [row[name] is not None for name in ("expect", "source")] == [is_cited] * 2
    for written in (text(results, 9), plain_markdown(results, 9), ClientReport(results).junit().decode()):
        assert ("RFC 1" in written) is is_cited


def test_a_row_explains_why_a_client_may_accept_or_refuse_unless_it_crashed() -> None:
    given = mutant("a", expect=Expect.EITHER, reason="it may be new")
    rows = tuple(Result.of(given, outcome) for outcome in (Outcome.ACCEPTED, Outcome.CRASHED))
    reasons = [row["reason"] for row in json.loads(ClientReport(Results(rows)).json())["rows"]]
    assert reasons == ["it may be new", None]


def test_a_report_cites_a_source_only_once_per_field() -> None:
    given: dict[str, Any] = {"group": "protocol", "schema_location": "", "operator": "cut", "source": "RFC 1"}
    results = Results(tuple(Result.of(mutant(each, **given), Outcome.ACCEPTED) for each in "abc"))
    for write in (text, plain_markdown):
        assert write(results, None).count("RFC 1") == 1


def test_an_http_fault_is_described_once_using_its_first_response() -> None:
    given: dict[str, Any] = {"group": "protocol", "schema_location": "", "operator": "cut"}
    did = {each: mutant(each, breaks=f"does {each}", **given) for each in "abc"}
    for names, expected in (("a", "does a"), ("abc", "does a, and 2 more responses")):
        results = Results(tuple(Result.of(did[each], Outcome.CRASHED) for each in names))
        for write in (text, plain_markdown):
            assert f"cut (crashed: a response that {expected})" in write(results, 9)
            assert [write(results, listed).count("does a") for listed in (9, None)] == [1, 1]


def test_a_report_escapes_control_characters_from_a_server_a_client_or_a_baseline() -> None:
    assert all(line.isprintable() for line in text(HOSTILE_RESULTS, None).splitlines())
    assert r"gone \\x1b\[2J\|\<b\>\`\*\\u202e" in ClientReport(HOSTILE_RESULTS).markdown()
    assert ClientReport(evolve(HOSTILE_RESULTS, all=())).json().replace("\n", "").isprintable()
    found = suites(HOSTILE_RESULTS)
    assert found["getOrder"].items() >= {("tests", "1"), ("errors", "1")}
    assert [each["skipped"] for each in found.values()] == ["0", "1"]
