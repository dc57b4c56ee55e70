"""Verdicts: how they follow from outcomes, are counted and listed, and which are worse than the baseline."""

import pytest
from attrs import evolve

from contract_kit.derive.model import Expect
from contract_kit.judge.client_report import by_field
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Trend, Verdict, verdict
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
def test_an_outcome_and_its_expectation_determine_the_verdict(
    expect: Expect, outcome: Outcome, is_: Verdict
) -> None:
    assert verdict(expect, outcome) is is_


@pytest.mark.parametrize(
    ("status", "is_"),
    [(404, Verdict.REFUSED_BY_STATUS), (302, Verdict.REFUSED_BY_STATUS), (206, Verdict.REFUSED_BY_BODY)],
)
def test_a_refusal_counts_as_refused_by_body_if_the_status_is_a_success(status: int, is_: Verdict) -> None:
    assert Result.of(mutant("a", status=status), Outcome.REFUSED).verdict is is_


def test_accepting_and_refusing_wrongly_are_equally_severe_and_a_hang_is_the_worst() -> None:
    severities: dict[int, set[Verdict]] = {}
    for each in Verdict:
        severities.setdefault(each.severity, set()).add(each)
    assert [severities[each] for each in range(1, 5)] == [
        {Verdict.NOT_REQUESTED, Verdict.INCONCLUSIVE},
        {Verdict.WRONGLY_ACCEPTED, Verdict.WRONGLY_REFUSED},
        {Verdict.CRASHED},
        {Verdict.HUNG},
    ]


def test_the_most_severe_faults_are_listed_first() -> None:
    assert [each.mutant.id for each in RESULTS.failures] == ["c", "d", "b", "legal"]
    rows = [Result.of(each, Outcome.CRASHED) for each in (mutant("d"), LEGAL)]
    assert [each.mutant.id for each in Results(tuple(rows)).failures] == ["legal", "d"]


def test_skipped_parts_are_grouped_by_their_reason() -> None:
    assert list(RESULTS.groups) == ["enum", "type", "protocol", "legal"]
    assert by_reason(RESULTS.skipped) == ["x and 4 more: why", "z: other"]
    assert RESULTS.tolerances == {("it may be new", "accepted"): 1}


def test_faults_with_the_same_field_form_one_group() -> None:
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


@pytest.mark.parametrize(
    ("earlier", "outcome", "trend"),
    [
        (Verdict.REFUSED_BY_BODY, Outcome.ACCEPTED, Trend.WORSE),
        (Verdict.CRASHED, Outcome.HUNG, Trend.WORSE),
        (Verdict.INCONCLUSIVE, Outcome.ACCEPTED, Trend.WORSE),
        (None, Outcome.ACCEPTED, Trend.WORSE),
        (Verdict.CRASHED, Outcome.ACCEPTED, Trend.BETTER),
        (Verdict.INCONCLUSIVE, Outcome.REFUSED, Trend.BETTER),
        (Verdict.WRONGLY_ACCEPTED, Outcome.ACCEPTED, Trend.UNCHANGED),
        (Verdict.ACCEPTED, Outcome.REFUSED, Trend.UNCHANGED),
        (Verdict.INCONCLUSIVE, Outcome.INCONCLUSIVE, Trend.UNCHANGED),
        (None, Outcome.REFUSED, Trend.NEW),
        (None, Outcome.INCONCLUSIVE, Trend.INCONCLUSIVE),
        (Verdict.CRASHED, Outcome.NOT_REQUESTED, Trend.INCONCLUSIVE),
        (Verdict.INCONCLUSIVE, Outcome.NOT_REQUESTED, Trend.UNCHANGED),
        (Verdict.NOT_REQUESTED, Outcome.ACCEPTED, Trend.WORSE),
    ],
)
def test_the_trend_of_a_row_follows_from_its_baseline_verdict_and_its_new_verdict(
    earlier: Verdict | None, outcome: Outcome, trend: Trend
) -> None:
    row = Result.of(mutant("a"), outcome, "retried")
    compared = Results((row,)).compared({"a": earlier} if earlier else {})
    assert compared.all[0].trend is trend
    assert compared.passed is (trend not in (Trend.WORSE, Trend.INCONCLUSIVE))


def test_ignored_faults_do_not_make_a_run_fail() -> None:
    compared = RESULTS.compared({}, ("protocol", "Order.id", "accepted", "enum", "legal"))
    assert [each.mutant.id for each in compared.ignored] == ["b", "c", "d", "legal"]
    assert compared.ignored_nothing == ["accepted"]
    assert (compared.passed, compared.trends[Trend.WORSE]) == (True, 0)
    assert compared.counts == RESULTS.counts


def test_the_rows_that_became_worse_since_the_baseline_are_counted() -> None:
    earlier = {
        "a": Verdict.WRONGLY_ACCEPTED,
        "b": Verdict.WRONGLY_ACCEPTED,
        "c": Verdict.CRASHED,
        "gone": Verdict.HUNG,
    }
    compared = RESULTS.compared(earlier)
    assert [each.mutant.id for each in compared.failures] == ["c", "d", "legal"]
    assert compared.trends == {"worse": 3, "better": 1, "unchanged": 1, "new": 1, "inconclusive": 0}
    assert compared.changes == {
        (Trend.WORSE, Verdict.CRASHED, Verdict.HUNG): 1,
        (Trend.BETTER, Verdict.WRONGLY_ACCEPTED, Verdict.REFUSED_BY_BODY): 1,
    }


def test_a_result_holds_its_mutant_without_the_body() -> None:
    given = mutant("a", ORDER)
    held = Result.of(given, Outcome.ACCEPTED).mutant
    assert (held.response.body, held) == (b"", evolve(given, response=held.response))
