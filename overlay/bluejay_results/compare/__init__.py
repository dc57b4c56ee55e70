"""Compare a run with an earlier run: better or worse."""

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
