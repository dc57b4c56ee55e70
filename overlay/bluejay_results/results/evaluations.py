"""Finds the evaluations of a conversation that count."""

from bluejay_api.models import Evaluation, SimulationResultResponse


def last_evaluations(result: SimulationResultResponse) -> tuple[Evaluation, ...]:
    """Return the evaluations that may be the one created last: with the latest time, or without a time."""
    evaluations = result.evaluations or []
    latest = max((each.created_at for each in evaluations if each.created_at), default=None)
    untimed = [each for each in evaluations if each.created_at is None]
    return (*untimed, *(each for each in evaluations if each.created_at and each.created_at == latest))


def has_verdict(result: SimulationResultResponse) -> bool:
    """Whether an evaluation that may be the last one says whether the goal was reached."""
    return any(each.goal_success is not None for each in last_evaluations(result))
