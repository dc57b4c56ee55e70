"""The pass rate that a run's own counters give."""


def pass_rate(passed: int | None, total: int | None) -> float | None:
    """Return conversations passed by conversations in the run, 0 to 1.

    None where there is no rate: a counter is null, the total is 0, or the two make no sense together.
    """
    if passed is None or not total or not 0 <= passed <= total:
        return None
    return passed / total
