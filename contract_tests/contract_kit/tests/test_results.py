"""Results: how they are counted, listed and ignored. `models/` determines the verdicts."""

from attrs import evolve

from contract_kit.derive.model import Expect, Operator, Strictness
from contract_kit.judge.client_report import by_field
from contract_kit.judge.results import Result, Results
from contract_kit.read.document import Skipped, by_reason
from contract_kit.serve.clients import Outcome

from .fakes import LIST_ORDERS, ORDER, mutant

LEGAL = mutant("legal", ORDER, group="legal", expect=Expect.ACCEPT)
EITHER = mutant("either", ORDER, expect=Expect.EITHER, reason="it may be new")
EACH = [
    Result.of(mutant("a"), Outcome.REFUSED),
    Result.of(mutant("b"), Outcome.ACCEPTED),
    Result.of(mutant("c", group="enum", schema_location="/components/schemas/Enum"), Outcome.HUNG, "slow"),
    Result.of(mutant("d", group="protocol"), Outcome.CRASHED, "KeyError"),
    Result.of(LEGAL, Outcome.REFUSED, "no"),
    Result.of(EITHER, Outcome.ACCEPTED),
]
RESULTS = Results(tuple(EACH), (Skipped("x", "why", 2), Skipped("y", "why", 3), Skipped("z", "other")))


def test_the_most_severe_faults_are_listed_first() -> None:
    assert [each.mutant.id for each in RESULTS.failures] == ["c", "d", "b", "legal"]
    rows = [Result.of(each, Outcome.CRASHED) for each in (mutant("d"), LEGAL)]
    assert [each.mutant.id for each in Results(tuple(rows)).failures] == ["legal", "d"]


def test_near_misses_are_listed_before_other_faults_of_the_same_severity() -> None:
    near = Operator("null", Strictness.MUST, "RFC", incident="owner/name#7")
    http = evolve(mutant("http", group="protocol"), operator=near)
    faults = mutant("far"), evolve(mutant("near"), operator=near), http, mutant("hung")
    outcomes = Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.HUNG
    found = Results(tuple(map(Result.of, faults, outcomes)))
    assert [each.mutant.id for each in found.failures] == ["hung", "http", "near", "far"]


def test_skipped_parts_are_grouped_by_their_reason() -> None:
    assert list(RESULTS.groups) == ["enum", "type", "protocol", "legal"]
    assert by_reason(RESULTS.skipped) == ["x and 4 more: why", "z: other"]
    assert RESULTS.tolerances == {("it may be new", "accepted"): 1}


def test_faults_in_the_same_field_form_one_group() -> None:
    given = [
        mutant("1"),
        mutant("2", group="minimum", schema_location="/components/schemas/Order/properties/id/minimum"),
        mutant("3", status=404, operation=LIST_ORDERS),
        mutant("4", group="required", schema_location="/components/schemas/Order/required"),
        *(
            mutant(each, group="protocol", schema_location="", operator=each[0])
            for each in ("a1", "a2", "b1")
        ),
    ]
    fields, count = by_field([Result.of(each, Outcome.ACCEPTED) for each in given])
    found = [[each.mutant.id for each in rows] for rows in fields]
    assert found == [["1", "2", "3"], ["4"], ["a1", "a2"], ["b1"]]
    assert count == len(fields)


def test_the_maximum_number_of_listed_fields_is_divided_among_the_verdicts() -> None:
    named = [(str(at), f"/components/schemas/{at}/type") for at in range(300, 309)]
    rows = [Result.of(mutant(name, schema_location=where), Outcome.CRASHED) for name, where in named]
    rows += [Result.of(mutant(name), Outcome.ACCEPTED) for name in ("a", "b")]
    fields, count = by_field(rows, 3)
    assert [[each.mutant.id for each in found] for found in fields] == [["300"], ["301"], ["a", "b"]]
    assert count == 10


def test_ignored_faults_do_not_make_a_run_fail() -> None:
    found = RESULTS.ignoring(("protocol", "Order.id", "accepted", "enum", "legal"))
    assert [each.mutant.id for each in found.ignored] == ["b", "c", "d", "legal"]
    assert found.ignored_nothing == ["accepted"]
    assert (found.passed, found.failures) == (True, [])
    assert found.counts == RESULTS.counts


def test_a_result_stores_its_mutant_without_the_bodies() -> None:
    given = mutant("a", ORDER)
    held = Result.of(given, Outcome.ACCEPTED).mutant
    assert (held.response.body, held.valid_body) == (b"", b"")
    assert evolve(held, response=given.response, valid_body=given.valid_body) == given
