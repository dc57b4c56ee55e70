"""Verdicts: how they are determined, counted, listed and ignored."""

import pytest
from attrs import evolve

from contract_kit.derive.model import Expect, Operator, Strictness
from contract_kit.judge.client_report import by_field
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Verdict, verdict
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


@pytest.mark.parametrize(
    ("expect", "outcome", "is_"),
    [
        (Expect.REFUSE, Outcome.REFUSED, Verdict.REFUSED_BY_BODY),
        (Expect.REFUSE, Outcome.ACCEPTED, Verdict.WRONGLY_ACCEPTED),
        (Expect.ACCEPT, Outcome.ACCEPTED, Verdict.ACCEPTED),
        (Expect.ACCEPT, Outcome.REFUSED, Verdict.WRONGLY_REFUSED),
        (Expect.EITHER, Outcome.ACCEPTED, Verdict.TOLERATED),
        (Expect.EITHER, Outcome.REFUSED, Verdict.TOLERATED),
        *((expect, Outcome.CRASHED, Verdict.CRASHED) for expect in Expect),
        *((expect, Outcome.HUNG, Verdict.HUNG) for expect in Expect),
        *((expect, Outcome.NOT_REQUESTED, Verdict.NOT_REQUESTED) for expect in Expect),
    ],
)
def test_the_outcome_and_the_expectation_determine_the_verdict(
    expect: Expect, outcome: Outcome, is_: Verdict
) -> None:
    assert verdict(expect, outcome) is is_


@pytest.mark.parametrize(
    ("status", "is_"),
    [(404, Verdict.REFUSED_BY_STATUS), (302, Verdict.REFUSED_BY_STATUS), (206, Verdict.REFUSED_BY_BODY)],
)
def test_a_refusal_counts_as_refused_by_body_if_the_status_is_a_success(status: int, is_: Verdict) -> None:
    assert Result.of(mutant("a", status=status), Outcome.REFUSED).verdict is is_


def test_wrong_acceptance_and_refusal_are_equally_severe_and_silent_damage_is_the_worst() -> None:
    severities: dict[int, set[Verdict]] = {}
    for each in Verdict:
        severities.setdefault(each.severity, set()).add(each)
    assert [severities[each] for each in range(1, 6)] == [
        {Verdict.NOT_REQUESTED, Verdict.INCONCLUSIVE},
        {Verdict.PASSED_ON, Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED},
        {Verdict.CRASHED},
        {Verdict.HUNG},
        {Verdict.LOST, Verdict.ALTERED},
    ]


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
