"""Decide whether to ship: judge a run by rules."""

from .judge import gate
from .rules_and_defaults import MetricRule, Operator, Rules
from .verdict import (
    Answer,
    Decision,
    Finding,
    Verdict,
)

__all__ = ["Answer", "Decision", "Finding", "MetricRule", "Operator", "Rules", "Verdict", "gate"]
