"""Verdicts to report: one for each cause, and one with a given text in every text field."""

from bluejay_results import SimulationRun
from bluejay_results.gate import Aggregate, FigureRule, Operator, Rules, gate
from bluejay_results.gate.verdict import Verdict

from .. import builders
from .runs import FAILED, PASSED, VOID, conversations, run_of
from .test_precedence import BROKEN_BODY, RUNNING


def view_of(run: SimulationRun, rules: Rules | None = None) -> Verdict:
    return gate(run, rules)


SHIP = view_of(conversations(9, 1, 1, 1))
DONT_SHIP = view_of(conversations(1, 4))
UNDER_WAY = view_of(
    run_of(PASSED, {"status": "RUNNING", "evaluations": None}, VOID, status="RUNNING", total_tests=5)
)
INCONCLUSIVE = view_of(conversations(15, 3, 1))
BY_CAUSE = [
    SHIP,
    DONT_SHIP,
    view_of(RUNNING),
    UNDER_WAY,
    view_of(BROKEN_BODY),
    view_of(conversations(1, void=1)),
    INCONCLUSIVE,
    view_of(conversations(9, 1), Rules(min_pass_rate=0)),  # no rule applies
    view_of(conversations(void=2)),  # nothing is measured
]
"""A verdict for each cause; their exit codes are 0, 1, 4, 4, 5, 6, 6, 6 and 6."""


def saying(text: str, rule: str | None = None, id_: str = "48213") -> Verdict:
    """A verdict with this text everywhere: as reasons, a tool's name, a status, a note and a metric."""
    metric = {"name": text, "description": "", "response_type": "quantitative", "response_value": "3"}
    run = run_of(
        {
            "evaluations": [builders.evaluation(goal_success=False, goal_reasoning=text)],
            "tool_calls": [builders.tool_calls("find"), builders.tool_calls(text, actual=0)],
        },
        {"evaluations": [builders.evaluation(custom_metrics=[metric])]},
        {"status": f"x{text}", "evaluations": None},
        {"status": "NO_ANSWER", "evaluations": None},
        FAILED,
        id=id_,
        simulation_id=id_,
    )
    name = text if rule is None else rule
    figures = (FigureRule(Aggregate.MEAN, name, True, Operator.AT_LEAST, 4, None),)
    return view_of(run, Rules(max_void=100, require=figures))
