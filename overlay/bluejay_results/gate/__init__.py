"""Decides whether to ship, by checking runs against rules."""

from ..measuring.pass_rate import PassRate
from ..results.aggregate import Aggregate
from ..results.figures import FigureObstacle
from .decide import gate
from .figure_rule import FigureRule, Operator, Unit
from .rule import Finding, Obstacle, Rule, RuleVerdict
from .rules import Rules
from .verdict import Cause, Decision, RunVerdict, Verdict

__all__ = [
    "Aggregate",
    "Cause",
    "Decision",
    "FigureObstacle",
    "FigureRule",
    "Finding",
    "Obstacle",
    "Operator",
    "PassRate",
    "Rule",
    "RuleVerdict",
    "Rules",
    "RunVerdict",
    "Unit",
    "Verdict",
    "gate",
]
