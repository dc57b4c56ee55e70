"""How strongly the standards require what a mutant tests."""

from __future__ import annotations

import enum


class Strictness(enum.StrEnum):
    """How strongly a standard requires a client to refuse a mutant, or to accept a legal response."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"

    def covers(self, other: Strictness) -> bool:
        """Whether a client judged at this strictness must meet requirements of strictness `other`."""
        order = list(Strictness)
        return order.index(other) <= order.index(self)
