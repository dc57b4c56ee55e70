"""Computes the pass rate from a run's own counters. See `docs/definitions.md`, Pass rates and intervals."""


def pass_rate(passed: int | None, total: int | None) -> float | None:
    """Return the share of the run's conversations that passed, 0 to 1.

    None if a counter is null, the total is 0, or the counters contradict each other.
    """
    if passed is None or not total or not 0 <= passed <= total:
        return None
    return passed / total
