"""The robustness: one figure for how well a client handles broken responses in the fields that it reads."""

import json
from typing import Any

import pytest

from contract_kit.derive.model import LEGAL, Expect
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.baseline import Baseline
from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.effects import Effect, Finding
from contract_kit.judge.results import Result, Results
from contract_kit.judge.robustness import Robustness
from contract_kit.serve.clients import Outcome

from .fakes import FakeCatalogue, mutant


def found(
    field: str, outcome: Outcome = Outcome.ACCEPTED, effect: Effect | None = None, **changes: Any
) -> Result:
    """Return the result for a mutant that breaks a property of an order."""
    where = f"/components/schemas/Order/properties/{field}"
    given = mutant(f"{field}:{outcome}:{effect}", schema_location=where, **changes)
    finding = Finding(effect, (), 1, 2) if effect else None
    return Result(given, outcome, "took too long", finding=finding)


def unread(names: str) -> list[Result]:
    """Return a result without effect for each of these properties."""
    return [found(each, effect=Effect.NO_EFFECT) for each in names]


@pytest.mark.parametrize(
    ("outcome", "effect", "harmless"),
    [
        (Outcome.REFUSED, None, 1),
        (Outcome.CRASHED, None, 0),
        (Outcome.HUNG, None, 0),
        (Outcome.ACCEPTED, None, 0),
        (Outcome.ACCEPTED, Effect.PASSED_ON, 0),
        (Outcome.ACCEPTED, Effect.LOST, 0),
        (Outcome.ACCEPTED, Effect.ALTERED, 0),
    ],
)
def test_a_broken_response_did_harm_if_its_result_is_a_fault(
    outcome: Outcome, effect: Effect | None, harmless: int
) -> None:
    result = Robustness.of([found("id", outcome, effect)])
    assert (result.broken, result.harmless, result.percent) == (1, harmless, 100 * harmless)
    assert result.unread == []


@pytest.mark.parametrize(
    "read",
    [
        found("id", Outcome.REFUSED),
        found("id", Outcome.CRASHED),
        found("id", effect=Effect.ALTERED),
        found("id", effect=Effect.PASSED_ON, group=LEGAL, expect=Expect.ACCEPT),
        found("id", Outcome.REFUSED, expect=Expect.EITHER),
    ],
)
def test_a_field_counts_as_unread_only_if_none_of_its_mutants_makes_a_difference(read: Result) -> None:
    unread = found("id", effect=Effect.NO_EFFECT)
    assert Robustness.of([unread, read]).unread == []
    assert Robustness.of([unread]).unread == ["Order.id"]


def test_broken_responses_in_unread_fields_are_not_counted() -> None:
    rows = [found("id", effect=Effect.NO_EFFECT), found("total", Outcome.REFUSED)]
    assert Robustness.of(rows).broken == 1


@pytest.mark.parametrize("expect", [Expect.EITHER, Expect.ACCEPT])
def test_only_responses_that_the_client_should_refuse_are_counted(expect: Expect) -> None:
    assert Robustness.of([found("id", Outcome.REFUSED, expect=expect)]).broken == 0


@pytest.mark.parametrize("outcome", [Outcome.INCONCLUSIVE, Outcome.NOT_REQUESTED])
def test_inconclusive_results_are_not_counted(outcome: Outcome) -> None:
    rows = [found("id", outcome), found("id", effect=Effect.NO_EFFECT)]
    assert Robustness.of(rows).unread == ["Order.id"]
    assert Robustness.of(rows[:1]).broken == 0


@pytest.mark.parametrize("row", [found("id", Outcome.INCONCLUSIVE), found("id", expect=Expect.EITHER)])
def test_the_robustness_is_unknown_in_every_output_if_nothing_was_judged(row: Result) -> None:
    results = Results((row,))
    baseline = Baseline.parsed(Baseline.of(results, Strictness.MUST, None).written())
    assert baseline.robustness is None
    compared = baseline.compared(results, FakeCatalogue(()))
    assert json.loads(ClientReport(compared).json())["robustness"]["percent"] is None
    assert Robustness.of(results.all).title(compared.since).count("unknown") == 2


def test_the_percentage_is_rounded_down() -> None:
    rows = [*(found("id", Outcome.REFUSED) for _ in range(199)), found("id", Outcome.CRASHED)]
    assert Robustness.of(rows).percent == 99


@pytest.mark.parametrize(
    ("effect", "outcome", "is_known"),
    [
        (None, Outcome.ACCEPTED, False),
        (Effect.LOST, Outcome.ACCEPTED, True),
        (Effect.NO_EFFECT, Outcome.ACCEPTED, True),
        (Effect.LOST, Outcome.REFUSED, False),
    ],
)
def test_the_read_fields_are_known_only_if_results_were_compared(
    effect: Effect | None, outcome: Outcome, is_known: bool
) -> None:
    result = Robustness.of([found("id", outcome, effect)])
    assert result.is_known is is_known
    assert ("not read" in result.sentences(None)) is is_known


def test_an_http_operator_is_not_a_field() -> None:
    operator = mutant("charset-utf-8", group=LEGAL, schema_location="")
    rows = [Result(operator, Outcome.ACCEPTED, finding=Finding(Effect.NO_EFFECT)), *unread("a")]
    assert Robustness.of(rows).unread == ["Order.a"]
