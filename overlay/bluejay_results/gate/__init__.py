"""Decide whether to ship: judge a run by rules."""

from .judge import gate
from .rules_and_defaults import MetricRule, Operator, Rules
from .verdict import (
    Decision,
    Finding,
    RuleVerdict,
    Verdict,
)

__all__ = ["Decision", "Finding", "MetricRule", "Operator", "RuleVerdict", "Rules", "Verdict", "gate"]
