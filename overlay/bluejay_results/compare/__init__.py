"""Better or worse: compare a run with an earlier run."""

from .comparing import compare
from .comparison import Cause, Change, Comparison, Effect, Pair, Unmet
from .deltas import Delta
from .words import sentence

__all__ = ["Cause", "Change", "Comparison", "Delta", "Effect", "Pair", "Unmet", "compare", "sentence"]
