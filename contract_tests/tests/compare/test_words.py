"""The texts of a comparison, word for word."""

from collections.abc import Callable
from functools import partial

import pytest
from bluejay_results.compare import Comparison, compare, sentence
from bluejay_results.compare.words import drop_text, plan_text

from ..gate.runs import FAILED, PASSED, callers, run_of
from .sides import NEWER, compared

FELL = ((36, 1, 1), (12, 1, 0), (2, 0, 1))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            partial(compared, *FELL),
            "Worse: pass rate fell from 96.0 % to 76.0 % (mean over 50 callers): -20.0 points (-34.0 to -5.7 "
            "at 95 % confidence); if nothing had changed, a change this large would occur in 1.3 % "
            "of comparisons",
        ),
        (
            partial(compared, (20, 0, 4), (10, 4, 4), size=4, confidence=0.999),
            "Better: pass rate rose from 33.3 % to 100.0 % (mean over 30 callers): +66.7 points (+34.6 to "
            "+98.7 at 99.9 % confidence); if nothing had changed, a change this large would occur in "
            "less than 0.1 % of comparisons",
        ),
        (
            partial(compared, (400, 1, 1), max_drop=7.5),
            "No meaningful change: pass rate stayed at 100.0 % (mean over 400 callers): 0.0 "
            "points (-1.0 to +1.0 at 95 % confidence), which is within 7.5 points",
        ),
        (
            partial(compared, (40, 1, 1)),
            "Too small to say: pass rate stayed at 100.0 % (mean over 40 callers): 0.0 points (-8.8 to +8.8 "
            "at 95 % confidence); this may be a drop or a rise, but there are too few callers to be sure",
        ),
        (
            partial(compared, (1, 1, 0), (1, 1, 1)),
            "Too small to say: pass rate fell from 100.0 % to 50.0 % (mean over 2 callers): -50.0 points "
            "(-90.5 to +27.3 at 95 % confidence); this may be a drop, but there are too few callers to be "
            "sure",
        ),
        (
            partial(compared, (1, 1, 0)),
            "Too small to say: 1 caller was judged on both sides, but at least 2 are needed",
        ),
        (
            partial(compare, run_of(PASSED), run_of(FAILED, FAILED, **NEWER)),
            "Too small to say: no conversation names its digital human, so callers can't be compared",
        ),
        (
            partial(compare, run_of(PASSED), run_of(FAILED, FAILED | {"digital_human_id": 1}, **NEWER)),
            "Too small to say: 100.0 % of the base side's conversations are void or missing (0 void, 1 "
            "missing of 1); the maximum is 20 %",
        ),
        (
            partial(compare, callers(*[(1, 0)] * 3), callers((1, 0), **NEWER)),
            "Too small to say: 66.7 % of the new side's conversations are void or missing (0 void, 2 missing "
            "of 3; 2 of the base's 3 callers are missing from the new side); the maximum is 20 %",
        ),
        (
            partial(compare, run_of(PASSED), run_of(PASSED, status="RUNNING", **NEWER)),
            "Can't compare: run 48214: not settled: RUNNING, 0 of 1 conversations under way; to wait "
            "for it: bluejay-results wait 48214",
        ),
    ],
)
def test_the_sentence_states_the_change_its_interval_and_whether_it_may_be_chance(
    make: Callable[[], Comparison], said: str
) -> None:
    assert sentence(make()) == said


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (partial(compared, *FELL), ""),
        (partial(compared, (40, 1, 1), max_drop=9), "max-drop 9: kept, the drop is at most 8.8 points"),
        (
            partial(compared, (36, 1, 1), (12, 0, 1), (2, 1, 0), max_drop=5),
            "max-drop 5: kept, the drop is at most 0.0 points",
        ),
        (
            partial(compared, *FELL, max_drop=5),
            "max-drop 5: broken, the pass rate dropped by 20.0 points, and not by chance",
        ),
        (
            partial(compared, *FELL, max_drop=30),
            "max-drop 30: inconclusive, the drop may be anything from 5.7 to 34.0 points",
        ),
        (
            partial(compared, (1, 1, 1), max_drop=5),
            "max-drop 5: inconclusive, there are too few callers to say",
        ),
        (partial(compare, run_of(PASSED), run_of(PASSED, status="RUNNING", **NEWER), max_drop=5), ""),
    ],
)
def test_the_text_about_max_drop_has_the_verdict_and_its_reason(
    make: Callable[[], Comparison], said: str
) -> None:
    assert drop_text(make()) == said


NO_NUMBER = "no number of callers is enough to detect a change of"
FLIPPING = ((62, 1, 1), (19, 1, 0), (19, 0, 1))


@pytest.mark.parametrize(
    ("make", "spread", "said"),
    [
        (
            partial(compared, *FLIPPING),
            0,
            "to detect a change of 5 points in 80 % of comparisons, about 1,200 callers must be on both "
            "sides, with 1 conversation each; 38 % of verdicts differ between the sides",
        ),
        (
            partial(compared, *FLIPPING, margin=1),
            0,
            "to detect a change of 1 points in 80 % of comparisons, about 30,000 callers must be on both "
            "sides, with 1 conversation each; 38 % of verdicts differ between the sides",
        ),
        (
            partial(compared, *FLIPPING, max_drop=20),
            20,
            "to detect a change of 20 points in 80 % of comparisons, about 83 callers must be on both "
            "sides, with 1 conversation each; 38 % of verdicts differ between the sides",
        ),
        (
            partial(compared, (2, 3, 0), (8, 3, 3), size=3, margin=50),
            0,
            "to detect a change of 50 points in 80 % of comparisons, about 3 callers must be on both "
            "sides, with 3 conversations each; 20 % of verdicts differ between the sides",
        ),
        (
            partial(compared, (40, 1, 1)),
            0,
            "the number of callers needed can't be estimated: no verdict differs between the sides",
        ),
        *(
            (partial(compared, (40, 1, 1), (4, 1, 0), margin=margin), 0, f"{NO_NUMBER} {margin:g} points")
            for margin in (0, 1e-200)
        ),
        (
            partial(compared, (1, 1, 0)),
            0,
            "the number of callers needed can't be estimated: too few callers were judged on both sides",
        ),
    ],
)
def test_a_plan_says_how_many_callers_are_needed_and_why(
    make: Callable[[], Comparison], spread: float, said: str
) -> None:
    assert plan_text(make(), spread) == said
