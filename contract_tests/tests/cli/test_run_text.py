"""The layout of a run's report."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.cli.run_text import report
from contract_kit.tests.tables import table
from rich.console import Console

from .. import builders
from ..builders import saved_run

REASON = " ".join(f"because{number}" for number in range(40))


def shown(run: SimulationRun, width: int = 120) -> list[str]:
    return [line.plain for line in report(run, Console(width=width))]


def failed(id_: int = 1, reason: str | None = None, **fields: Any) -> builders.Document:
    """A conversation that missed its goal."""
    evaluation = builders.evaluation(goal_success=False, goal_reasoning=reason, **fields)
    return builders.result(id_, evaluations=[evaluation])


@table(
    "outcomes, kind, is_worst",
    [
        ("FF", "always failed", True),
        ("PP", "always passed", False),
        ("PF", "mixed", True),
        ("PFU", "mixed", True),
        ("UUU", "unclear", False),
        ("PU", "unclear", False),
        ("PV", "unclear", False),
    ],
)
def test_a_caller_is_mixed_only_if_one_call_passed_and_one_failed(
    outcomes: str, kind: str, is_worst: bool
) -> None:
    """Void and unknown conversations say neither. The worst callers are listed if one of them failed."""
    of: dict[str, dict[str, Any]] = {"P": {}, "F": {"evaluations": [builders.evaluation(goal_success=False)]}}
    of |= {"U": {"status": "NO_ANSWER"}, "V": {"status": "SYSTEM_ERROR"}}
    results = [builders.result(n, digital_human_id=7, **of[each]) for n, each in enumerate(outcomes)]
    lines = shown(saved_run(*results))
    assert [line.split(": ")[1] for line in lines if line.startswith("Repeats")] == [f"1 {kind}"]
    assert any(line.startswith("Worst") for line in lines) == is_worst


@table("width", [40, 120])
def test_a_reason_wraps_within_its_column_and_is_never_truncated(width: int) -> None:
    lines = shown(saved_run(failed(7, REASON)), width)
    start = next(line for line in lines if line.endswith("reason")).index("reason")
    first = next(index for index, line in enumerate(lines) if line.startswith("failed "))
    table = lines[first : lines.index("", first)]
    assert max(map(len, table)) <= width
    assert " ".join(line[start:] for line in table) == REASON
    assert {line[:start].strip() for line in table[1:]} == {""}


@table(
    "width, columns",
    [
        (74, "outcome id caller status p50/p95 ms reason"),
        (63, "outcome id caller status reason"),
        (56, "outcome id status reason"),
        (40, "outcome id reason"),
    ],
)
def test_a_narrow_terminal_drops_the_least_useful_columns_first(width: int, columns: str) -> None:
    lines = shown(saved_run(failed(7, REASON)), width)
    assert next(line for line in lines if line.endswith("reason")).split() == columns.split()


@table("count, is_grouped", [(20, False), (21, True)])
def test_conversations_that_did_not_pass_are_grouped_if_there_are_over_20(
    count: int, is_grouped: bool
) -> None:
    lines = shown(saved_run(*map(failed, range(count))))
    assert ("--all" in "".join(lines)) is is_grouped
