"""Compare the runs of two versions of an agent, caller by caller."""

from ..judging.tally import Tally
from .comparing import compare
from .comparison import Comparison, Conclusion, Drop
from .deltas import Delta
from .effect import Effect, callers_needed
from .pairing import Pair
from .words import sentence

__all__ = [
    "Comparison",
    "Conclusion",
    "Delta",
    "Drop",
    "Effect",
    "Pair",
    "Tally",
    "callers_needed",
    "compare",
    "sentence",
]
