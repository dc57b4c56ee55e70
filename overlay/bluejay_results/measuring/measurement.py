"""The measurement conditions; see `docs/definitions.md`, Ship or not."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..results.notes import Note, contradictions
from ..results.outcome import Phase, run_phase
from ..results.page import MOST_TESTS
from ..results.run import SimulationRun

_COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


@frozen
class MeasurementRules:
    """The conditions that a run must meet to be a measurement.

    Attributes:
        min_conversations: The minimum number of conversations that passed or failed.
        max_void: The maximum percentage of conversations that are void or missing.
        no_counters: Don't compare the run's counters with its conversations.
    """

    min_conversations: int = 1
    max_void: float = 20.0
    no_counters: bool = False


@frozen
class Condition:
    """One of the conditions that a run must meet to be a measurement.

    Attributes:
        name: The name of the condition, such as `max-void`.
        is_met: Whether the run meets the condition.
        value: The measured value, in percent if it is a fraction; None if there is none.
        limit: The limit for the value; None if the condition has none.
        sample: The number of conversations from which the value was computed.
        total: The number of listed and missing conversations.
        contradictions: The contradictions between the counters and the conversations.
        negative: The names of the counters that are negative.
        conversations: The ids of the void conversations if the condition is about them; otherwise empty.
    """

    name: str
    is_met: bool
    value: float | None = None
    limit: float | None = None
    sample: int = 0
    total: int = 0
    contradictions: tuple[Note, ...] = ()
    negative: tuple[str, ...] = ()
    conversations: tuple[int, ...] = ()


def measurement(run: SimulationRun, rules: MeasurementRules) -> tuple[Condition, ...]:
    """Return the measurement conditions, and whether a settled run meets each of them.

    A run is a measurement if it meets all conditions.
    """
    least, most = rules.min_conversations, rules.max_void
    total = len(run.results) + run.missing_count
    known, void = len(run.passed) + len(run.failed), len(run.void) + run.missing_count
    share, counters = Fraction(100 * void, total or 1), run.response.simulation_run
    tests = counters.total_tests
    negative = tuple(each for each in _COUNTERS if (getattr(counters, each) or 0) < 0)
    shown = None if tests is None else float(max(-MOST_TESTS, min(tests, MOST_TESTS)))
    conditions = (
        Condition("min-conversations", known >= least, float(known), least, known, total),
        Condition(
            "max-void",
            share <= Fraction(str(most)),
            float(share),
            most,
            void,
            total,
            conversations=tuple(each.id for each in run.void),
        ),
        Condition("run-status", run.status is None or run_phase(run.status) is not Phase.UNKNOWN),
        Condition("total-tests", bool(tests) and not negative, shown, total=total, negative=negative),
    )
    if rules.no_counters:
        return conditions
    contradicted = contradictions(run)
    return *conditions, Condition("counters", not contradicted, contradictions=contradicted)
