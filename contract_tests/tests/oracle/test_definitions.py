"""The product and the oracle say what docs/definitions.md says about its examples.

The other tests compare the two with each other, so both could be wrong in the same way.
"""

from typing import Any

from bluejay_results.compare import compare
from bluejay_results.measuring.measurement import MeasurementRules
from contract_kit.tests.tables import table

from .. import builders
from . import facts, product
from .figures import Rule
from .outcomes import Json, read
from .verdicts import Options

NOT_CALLED = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]


def _goal(judge: object, reviewer: object = None, **more: Any) -> Json:
    """The fields of a conversation with the answers of the judge and the reviewer about the goal."""
    return {"evaluations": [builders.evaluation(goal_success=judge, human_goal_success=reviewer)], **more}


LETTERS: dict[str, Json] = {
    "p": {},
    "f": _goal(judge=False),
    "u": {"status": "NO_ANSWER"},
    "v": {"status": "SYSTEM_ERROR"},
    "r": {"status": "IN_PROGRESS"},
    "d": {"status": "CALL_DROPPED"},
    "y": _goal(judge=False, reviewer=True),
    "n": _goal(judge=True, reviewer=False),
}
"""Conversations: passed, failed, unknown, void, running, dropped, corrected to yes and to no."""
GOOD, BAD = ["ppppp"] * 5, ["fffff"] * 5


def document(*callers: str, missing: int = 0, **fields: Any) -> Json:
    """Return a run: each word is a caller, its letters are the conversations; caller ids start at 1."""
    results = [
        builders.result(100 * caller + number, digital_human_id=caller, **LETTERS[letter])
        for caller, word in enumerate(callers, 1)
        for number, letter in enumerate(word)
    ]
    return builders.response(*results, **{"total_tests": len(results) + missing} | fields)


@table(
    "conversation, outcome, owner",
    [
        ({"status": "insufficient funds"}, "void", "the account"),
        ({"status": "Cancelled"}, "void", "whoever cancelled it"),
        ({"status": "no-answer"}, "unknown", "the agent or its line"),
        ({"status": "NO_CONNECTION"}, "unknown", "the agent's configuration"),
        (_goal(judge=True, status="CUSTOM_ERROR", reviewer=True), "unknown", None),
        (_goal(judge=None), "unknown", None),
        ({"tool_calls": NOT_CALLED[1:]}, "unknown", None),
        (_goal(judge=False), "failed", "the agent"),
        (_goal(judge=False, status="Call Dropped"), "failed", "the agent or its line"),
        (_goal(judge=False, status="ESCALATED"), "failed", "the agent"),
        ({"status": "ESCALATED"}, "unknown", None),
        ({"status": "ERROR"}, "unknown", None),
        ({"tool_calls": NOT_CALLED}, "failed", "the agent"),
        (_goal(judge=False, reviewer=True, tool_calls=NOT_CALLED), "failed", "the agent"),
        ({"status": None}, "passed", None),
        ({"status": "CALL_DROPPED"}, "passed", None),
        (_goal(judge=False, reviewer=True), "passed", None),
        (_goal(judge=True, reviewer=False), "failed", "the agent"),
        (_goal(judge="yes"), "unknown", None),
        (_goal(judge="yes", reviewer=True), "passed", None),
        (_goal(judge=True, reviewer="no"), "unknown", None),
    ],
)
def test_the_first_line_that_applies_decides_an_outcome(
    conversation: Json, outcome: str, owner: str | None
) -> None:
    [result] = product.run_of(builders.response(builders.result(**conversation))).results
    assert (str(result.outcome), result.owner) == (outcome, owner)


EXAMPLE = document("p" * 15, *"fff", "u", "v")


@table(
    "run, options, answer",
    [
        (EXAMPLE, {"min_pass_rate": 75}, ("ship", 0)),
        (EXAMPLE, {}, ("inconclusive", 6)),
        (EXAMPLE, {"min_pass_rate": 90}, ("don't ship", 1)),
        (document(*["p"] * 14), {"confident": True}, ("ship", 0)),
        (document(*["p"] * 13), {"confident": True}, ("inconclusive", 6)),
        (document("ffffv", *GOOD), {}, ("don't ship", 1)),
        (document("fffvv", *GOOD), {}, ("inconclusive", 6)),
        (document("ffff", *GOOD), {}, ("ship", 0)),
        (document("fffff", *GOOD), {"max_always_failing": 1}, ("ship", 0)),
        (document("v", *["p"] * 4), {}, ("ship", 0)),
        (document("vv", *["p"] * 7), {}, ("inconclusive", 6)),
        (document(*["p"] * 8, missing=2), {}, ("ship", 0)),
        (document(*["p"] * 4, missing=2), {"min_pass_rate": 50}, ("inconclusive", 6)),
        (document(*GOOD, "r"), {}, ("inconclusive", 4)),
        (document(*GOOD, status="PAUSED"), {}, ("inconclusive", 6)),
        (document(*GOOD, "d", tests_passed=25), {}, ("ship", 0)),
        (document(*GOOD, "d", tests_passed=24), {}, ("inconclusive", 6)),
        (document(*GOOD, tests_passed=26), {}, ("inconclusive", 6)),
        (document("pv", *GOOD), {"must_pass": ("1",)}, ("ship", 0)),
        (document("y", *GOOD), {"must_pass": ("1",)}, ("ship", 0)),
        (document("pu", *GOOD), {"must_pass": ("1",)}, ("inconclusive", 6)),
        (document("fu", *GOOD), {"must_pass": ("1",)}, ("don't ship", 1)),
        (document("p", "p"), {"min_pass_rate": 0}, ("inconclusive", 6)),
        (document("p", "p"), {"min_pass_rate": 1}, None),
        (document("p"), {"require": (Rule("mean", "latency.p95", ">=", "1", "s"),)}, None),
    ],
)
def test_a_run_ships_if_every_rule_is_kept_whatever_the_unknown_conversations(
    run: Json, options: Json, answer: tuple[str, int] | None
) -> None:
    verdict = product.of_verdict([product.run_of(run)], Options(**options))
    assert (verdict and verdict["answer"]) == answer


@table(
    "callers, low, high",
    [(["p"] * 10, 73, 100), (["p"] * 14, 80, 100), ([*"pppppf"], 36, 100)],
)
def test_the_interval_of_a_rate_is_wide_with_few_callers(callers: list[str], low: int, high: int) -> None:
    found = product.of_run(product.run_of(document(*callers)))
    assert [round(end) for end in found["interval"]] == [low, high]


def test_the_rates_of_the_example_run_have_the_documented_bounds() -> None:
    assert [round(each, 1) for each in product.of_run(product.run_of(EXAMPLE))["rates"]] == [83.3, 78.9, 84.2]


@table(
    "before, now, change, high",
    [
        (["p"] * 5, ["f"] * 5, "worse", -17.28),
        (["pv"] * 5, ["fv"] * 5, "worse", -37.96),
        (["pv"] * 5, ["f"] * 5, "worse", -17.28),
        (["p"] * 4, ["f"] * 4, "can't tell", 4.94),
        (GOOD, GOOD, "can't tell", 12.64),
        (BAD, GOOD, "better", 100),
        (GOOD, [*["uuuuu"] * 4, "fffff"], "can't tell", -45.13),
        (["nnnnn"] * 5, ["yyyyy"] * 5, "better", 100),
    ],
)
def test_a_run_is_worse_if_both_intervals_lie_below_0(
    before: list[str], now: list[str], change: str, high: float
) -> None:
    runs = product.run_of(document(*before, id="48101")), product.run_of(document(*now))
    found = product.of_comparison(compare(*runs, MeasurementRules(max_void=100)))
    assert (found["change"], round(found["effects"][0][2], 2)) == (change, high)


@table(
    "aggregate, scores, expected",
    [
        ("p90", "1111111129", 2),
        ("p90", "111111129", 9),
        ("p95", "11111111111111111129", 2),
        ("p10", "9876543210", 1),
        ("p10", "987654321", 1),
        ("p5", "99999999999999999921", 2),
        ("median", "1289", 2),
        ("mean", "123456", 3.5),
        ("mean", "36---", None),
        ("mean", "36--", 4.5),
        ("mean", "36aaaa", 4.5),
        ("mean", "36x", None),
        ("mean", "36c", 5),
    ],
)
def test_a_percentile_is_an_observed_value_and_at_least_half_must_have_one(
    aggregate: str, scores: str, expected: float | None
) -> None:
    """A digit is a score; a: not applicable, x: unreadable, c: corrected from 1 to 6, -: none."""
    metric = {"name": "score", "description": "", "response_type": "quantitative"}
    answers: Json = {"a": {"response_value": "N/A"}, "x": {"response_value": "six"}}
    answers["c"] = {"response_value": "1", "human_response_value": "6"}
    scored = [
        [] if each == "-" else [metric | answers.get(each, {"response_value": each})] for each in scores
    ]
    results = [
        builders.result(number, evaluations=[builders.evaluation(custom_metrics=each)])
        for number, each in enumerate(scored)
    ]
    [found] = [
        value
        for kind, name, _, value, _ in facts.of_run(read(builders.response(*results)))["figures"]
        if (kind, name) == (aggregate, "score")
    ] or [None]
    assert found == expected
