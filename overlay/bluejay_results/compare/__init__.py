"""Better or worse: compare a run with an earlier run."""

from ..results.pass_rates import Caller
from ..writing.run_view import RunFacts
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
    "RunFacts",
    "compare",
    "sentence",
]
