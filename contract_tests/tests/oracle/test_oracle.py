"""The oracle judges the examples in the definitions, and runs that a single sentence there decides."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from .. import builders
from .changes import Unreadable
from .figures import Rule, judged
from .gates import Answer, findings, must_pass_findings
from .outcomes import Json, Reading, read
from .runs import FAILED, OTHERS, REFUSED, RUNNING, SHIPS, UNCOUNTED, UNSETTLED, UNSURE, answer, run
from .verdicts import Options, bounds, interval, judged_pass_rate

EXAMPLE = run(*"ppppppppppppppp", *"fff", "u", "v")


@pytest.mark.parametrize(
    ("minimum", "expected"), [(75, ("ship", 0)), (80, ("inconclusive", 6)), (90, ("don't ship", 1))]
)
def test_the_oracle_computes_the_documented_results_of_the_example_run(
    minimum: int, expected: Answer
) -> None:
    assert answer(EXAMPLE, min_pass_rate=minimum) == expected
    rates = [judged_pass_rate(EXAMPLE), *bounds(EXAMPLE)]
    assert [round(float(rate or 0), 1) for rate in rates] == [83.3, 78.9, 84.2]


@pytest.mark.parametrize(
    ("callers", "expected"), [("p" * 10, [73, 100]), ("p" * 14, [80, 100]), ("pppppf", [36, 100])]
)
def test_the_oracle_computes_the_documented_intervals(callers: str, expected: list[int]) -> None:
    assert [round(end) for end in interval(run(*callers)) or ()] == expected


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ([run("pp", *OTHERS)], "kept"),
        ([run("pv", *OTHERS)], "kept"),
        ([run("pu", *OTHERS)], "inconclusive"),
        ([run("u", *OTHERS)], "inconclusive"),
        ([run("v", *OTHERS)], "inconclusive"),
        ([run("ppf", *OTHERS)], "broken"),
        ([run("fu", *OTHERS)], "broken"),
        ([run("fv", *OTHERS)], "broken"),
        ([run("y", *OTHERS)], "kept"),
        ([run("n", *OTHERS)], "broken"),
        ([run("", *OTHERS)], "inconclusive"),
        ([run("", *OTHERS, missing=1)], "inconclusive"),
        ([run("p", *OTHERS, missing=1)], "kept"),
        ([run("p", *OTHERS), run("f", *OTHERS, id="2")], "broken"),
        ([run("v", *OTHERS), run("p", *OTHERS, id="2")], "kept"),
        ([run("p", *OTHERS), run("u", *OTHERS, id="2")], "inconclusive"),
        ([run("p", *OTHERS), RUNNING], "kept"),
        ([run("p", *OTHERS), UNCOUNTED], "kept"),
        ([run("p", *OTHERS), 3], "kept"),
        ([RUNNING], "inconclusive"),
    ],
)
def test_must_pass_considers_the_callers_conversations_in_all_settled_measurements(
    runs: Sequence[Reading | Unreadable], verdict: str
) -> None:
    [found] = must_pass_findings(runs, Options(must_pass=("1",)))
    assert (found.subject, found.verdict) == ("1", verdict)


def test_a_conversation_without_a_caller_does_not_count_for_must_pass() -> None:
    alone = [builders.result(1, **FAILED), *(builders.result(n, digital_human_id=2) for n in range(2, 12))]
    reading = read(builders.response(*alone, total_tests=11))
    assert must_pass_findings([reading], Options(must_pass=("1",)))[0].verdict == "inconclusive"


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ([SHIPS], 0),
        ([SHIPS, run(*OTHERS, id="2")], 0),
        ([SHIPS, REFUSED], 1),
        ([3, REFUSED], 1),
        ([5, REFUSED], 1),
        ([UNSETTLED, REFUSED], 1),
        ([UNSURE, REFUSED], 1),
        ([REFUSED, 3, 5, UNSETTLED, UNSURE, SHIPS], 1),
        ([UNSURE, UNSETTLED, 5, 3, SHIPS], 3),
        ([UNSURE, UNSETTLED, 5, SHIPS], 5),
        ([UNSURE, UNSETTLED, SHIPS], 4),
        ([UNSURE, SHIPS], 6),
        ([3, SHIPS], 3),
        ([3], 3),
        ([5], 5),
    ],
)
def test_the_exit_code_for_several_runs_is_the_one_with_the_highest_precedence(
    runs: Sequence[Reading | Unreadable], code: int
) -> None:
    decision = {0: "ship", 1: "don't ship"}.get(code, "inconclusive")
    assert answer(*runs) == (decision, code)


@pytest.mark.parametrize(
    ("runs", "options", "code"),
    [
        ([run("f", *OTHERS)], {}, 1),
        ([run("u", *OTHERS)], {}, 6),
        ([run("p", *OTHERS)], {}, 0),
        ([run("f", *OTHERS, "r")], {}, 4),
        ([run("f", *OTHERS)], {"min_conversations": 100}, 6),
        ([run("f", *OTHERS), 3], {}, 1),
        ([run("u", *OTHERS), UNSETTLED], {}, 4),
        ([run("f", *OTHERS), UNSETTLED], {}, 1),
        ([run("p", "p")], {"min_pass_rate": 0}, 0),
        ([run("f", "p")], {"min_pass_rate": 0}, 1),
    ],
)
def test_must_pass_and_the_other_rules_decide_together(
    runs: Sequence[Reading | Unreadable], options: Json, code: int
) -> None:
    assert answer(*runs, must_pass=("1",), **options)[1] == code


def test_a_run_to_which_no_rule_applies_is_inconclusive() -> None:
    assert answer(run("p", "p"), min_pass_rate=0) == ("inconclusive", 6)


@pytest.mark.parametrize(
    ("reading", "minimum", "expected"),
    [
        (run(*"p" * 17, *"fff"), 80, 228),
        (run(*"p" * 18, *"ff"), 80, 55),
        (run(*"p" * 19, "f"), 80, 24),
        (run(*"p" * 17, *"uuu"), 80, 228),
        (run(*"p" * 17, missing=3), 80, 228),
        (run(*"p" * 17, *"fff", "v"), 80, 228),
        (run("p"), 80, 14),
        (run("ppppp"), 80, 14),
        (run(*["ppppp"] * 10), 80, 14),
        (run(*"p" * 81, *"f" * 19), 80, 1001),
        (run(*"p" * 16, *"ffff"), 80, None),
        (run(*"p" * 15, *"uuuuu"), 80, None),
        (run(*"p" * 10), 100, None),
        (run(*"p" * 14), 80, None),
    ],
)
def test_the_number_of_callers_needed_depends_on_the_callers_in_the_run(
    reading: Reading, minimum: int, expected: int | None
) -> None:
    found, *_ = findings(reading, Options(min_pass_rate=minimum, confident=True))
    assert found.callers_needed == expected


def test_the_number_of_callers_needed_is_reported_only_with_confident() -> None:
    found, *_ = findings(run(*"p" * 17, *"uuu"), Options(min_pass_rate=86))
    assert (found.verdict, found.callers_needed) == ("inconclusive", None)


@pytest.mark.parametrize(
    ("aggregate", "scores", "expected"),
    [
        ("p90", "1111111129", 2),
        ("p90", "111111129", 9),
        ("p95", "11111111111111111129", 2),
        ("p10", "9876543210", 1),
        ("p10", "987654321", 1),
        ("p5", "99999999999999999921", 2),
        ("median", "1289", 2),
        ("mean", "1236", 3),
        ("mean", "123456", 3.5),
        ("mean", "36---", None),
        ("mean", "36--", 4.5),
        ("mean", "36--v", 4.5),
        ("mean", "36aaaa", 4.5),
        ("mean", "aaaa", None),
        ("mean", "36x", None),
        ("mean", "36c", 5),
    ],
)
def test_a_figure_is_computed_from_all_answers_except_those_in_void_conversations(
    aggregate: str, scores: str, expected: float | None
) -> None:
    """A digit is a score; a: not applicable, x: unreadable, c: corrected from 1 to 6, -: none, v: 9, void."""
    answers: Json = {
        "a": {"response_value": "N/A"},
        "x": {"response_value": "six"},
        "v": {"response_value": "9"},
    }
    answers["c"] = {"response_value": "1", "human_response_value": "6"}
    results = []
    for number, letter in enumerate(scores):
        metric = {"name": "score", "description": "", "response_type": "quantitative"}
        scored = metric | answers.get(letter, {"response_value": letter})
        metrics = [] if letter == "-" else [scored]
        fields = {"status": "SYSTEM_ERROR"} if letter == "v" else {}
        results.append(
            builders.result(number, evaluations=[builders.evaluation(custom_metrics=metrics)], **fields)
        )
    _, figure = judged(Rule(aggregate, "score", ">=", "0"), read(builders.response(*results)), None)
    assert figure == (None if expected is None else Fraction(str(expected)))
