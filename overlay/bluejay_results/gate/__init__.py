"""Decide whether to ship: judge a run by rules."""

from ..results.aggregate import Aggregate
from ..results.figures import FigureObstacle
from .figure_rule import FigureRule, Operator, Unit
from .judge import gate
from .rules import Rules
from .verdict import Cause, Decision, Finding, Obstacle, PassRate, RuleVerdict, Verdict

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
    "RuleVerdict",
    "Rules",
    "Unit",
    "Verdict",
    "gate",
]
