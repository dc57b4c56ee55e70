"""The texts to compare word for word: the function that yields each text, and the folder."""

from collections.abc import Callable, Iterable

from . import tables_of_compare, tables_of_gate, tables_of_numbers, tables_of_rules, tables_of_runs
from .arguments import arguments
from .commands import commands, terminal
from .decoding import decoding
from .errors import errors
from .failures import failures
from .library import calls
from .outcomes import outcomes
from .properties import properties
from .refusals import accidents, refusals
from .situations import comparisons, runs, verdicts

TEXTS: dict[str, Callable[[], Iterable[str]]] = {
    **{name: commands(name) for name in ("show", "gate", "help")},
    "runs": runs,
    "verdicts": verdicts,
    "comparisons": comparisons,
    "terminal": terminal,
    "refusals": refusals,
    "accidents": accidents,
    "arguments": arguments,
    "numbers": tables_of_numbers.numbers,
    "errors": errors,
    "calls": calls,
    "failures": failures,
    "outcomes": outcomes,
    "properties": properties,
    "decoding": decoding,
    "gate-counts": tables_of_gate.counts,
    "gate-always-failing": tables_of_gate.repeated_callers,
    "gate-must-pass": tables_of_gate.callers_that_must_pass,
    "gate-exit-codes": tables_of_gate.precedence,
    "run-statuses": tables_of_runs.statuses_of_runs,
    "run-advice": tables_of_runs.advice,
    "run-counters": tables_of_runs.counters,
    "run-measurements": tables_of_runs.limits_of_measurements,
    "run-latency-units": tables_of_runs.latencies,
    "run-answers": tables_of_runs.answers,
    "rule-values": tables_of_rules.values,
    "rule-files": tables_of_rules.files,
    "rule-syntax": tables_of_rules.syntax,
    "rule-texts": tables_of_rules.texts,
    "rule-aggregates": tables_of_rules.aggregates,
    "compare-pairs": tables_of_compare.pairs,
    "compare-callers": tables_of_compare.callers,
    "compare-intervals": tables_of_compare.intervals,
    "compare-sizes": tables_of_compare.sizes,
    "compare-causes": tables_of_compare.causes,
}
"""The function that yields the lines of each text, by the name of its file."""
