"""Helpers that judge a run by one rule."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.gate import Finding, Rules, gate


def finding(run: SimulationRun, name: str, **rules: Any) -> Finding:
    """Return the finding of the rule with this name."""
    [found] = [each for each in gate(run, Rules(**rules)).rules if each.rule == name]
    return found


def figure(run: SimulationRun, rule: str, **rules: Any) -> Finding:
    """Return the finding of a rule about a figure."""
    return finding(run, "require", require=[rule], **rules)
