"""Decides whether a run is better or worse than an earlier run of the same simulation."""

from ..results.pass_rates import Caller
from .comparison import Change, Comparison, ComparisonCause, Effect, Pair, compare
from .comparison_text import sentence
from .deltas import Delta

__all__ = [
    "Caller",
    "Change",
    "Comparison",
    "ComparisonCause",
    "Delta",
    "Effect",
    "Pair",
    "compare",
    "sentence",
]
