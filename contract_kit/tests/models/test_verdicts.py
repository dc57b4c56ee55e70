"""A second implementation of the verdict, and of how severe it is."""

from itertools import product

from contract_kit.derive.model import Expect
from contract_kit.judge.effects import Effect
from contract_kit.judge.verdicts import FAULTS, HARM, Verdict, verdict
from contract_kit.serve.clients import Outcome

BY_SEVERITY = [
    {"refused", "refused by status", "refused by body", "accepted", "tolerated", "no effect"},
    {"not requested", "inconclusive"},
    {"passed on", "wrongly accepted", "wrongly refused"},
    {"crashed"},
    {"hung"},
    {"altered", "lost"},
]


def expected(expect: Expect, outcome: Outcome, status: int | None, effect: Effect | None) -> str:
    if effect and (expect is Expect.REFUSE or (expect is Expect.ACCEPT and effect in ("lost", "altered"))):
        return effect
    if outcome not in ("accepted", "refused"):
        return outcome
    if expect is Expect.EITHER:
        return "tolerated"
    if expect is Expect.ACCEPT:
        return "accepted" if outcome == "accepted" else "wrongly refused"
    if outcome == "accepted":
        return "wrongly accepted"
    return (
        "refused"
        if status is None
        else "refused by body"
        if status in range(200, 300)
        else "refused by status"
    )


def test_the_expectation_the_outcome_the_status_and_the_effect_determine_the_verdict() -> None:
    statuses = (None, 100, 199, 200, 206, 299, 300, 302, 404, 500)
    for given in product(Expect, Outcome, statuses, (None, *Effect)):
        assert verdict(*given) == expected(*given), given


def test_each_verdict_has_its_severity_and_only_faults_do_harm() -> None:
    severities: list[set[str]] = [set() for _ in BY_SEVERITY]
    for each in Verdict:
        severities[each.severity].add(each)
    assert severities == BY_SEVERITY
    assert (
        {each for each in Verdict if each.is_fault}
        == set().union(*BY_SEVERITY[2:])
        == {*FAULTS}
        == HARM.keys()
    )
    assert {each for each in Verdict if each.is_inconclusive} == BY_SEVERITY[1]
