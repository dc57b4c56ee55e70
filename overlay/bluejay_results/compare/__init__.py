"""Better or worse: compare a run with an earlier run."""

from ..results.pass_rates import Caller
from .comparison import Cause, Change, Comparison, Effect, Pair, compare
from .deltas import Delta
from .words import sentence

__all__ = [
    "Caller",
    "Cause",
    "Change",
    "Comparison",
    "Delta",
    "Effect",
    "Pair",
    "compare",
    "sentence",
]
