"""Decide whether to ship: judge a run by rules."""

from .aggregates import Aggregate
from .figure_rule import FigureRule, Operator, Unit
from .judge import gate
from .rules_and_defaults import Rules
from .verdict import Cause, Decision, Finding, Obstacle, PassRate, RuleVerdict, Verdict

__all__ = [
    "Aggregate",
    "Cause",
    "Decision",
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
