"""The texts that are kept about the harness, the stub and the contract: the function that yields each."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from . import benchmarks, built, commands, expressions, fields, matrices, rules, scenarios, service, upstream

KEPT = Path(__file__).with_name("kept")
TEXTS: dict[str, Callable[[], Iterable[str]]] = {
    "rules/cases": rules.cases,
    "rules/limits": rules.limits,
    "rules/statuses": matrices.statuses,
    "rules/outcomes": matrices.outcomes,
    "rules/locations": matrices.locations,
    **{f"stub/{name}": partial(service.played, name) for name in service.OPTIONS},
    "stub/built": built.runs,
    "stub/counters": built.counters,
    **{f"expressions/{name}": partial(expressions.expressions, name) for name in expressions.NAMES},
    "commands": commands.outputs,
    **scenarios.texts(),
    "contract/schemas": fields.schemas,
    "contract/queue": fields.queue_requests,
    "benchmarks/corpus": benchmarks.corpus,
    "benchmarks/league": benchmarks.league,
    "upstream/contract": upstream.contract,
    "upstream/documents": upstream.documents,
    "upstream/wheels": upstream.wheels,
}
"""The function that yields the lines of each text, by the name of its file."""


def file_of(name: str) -> Path:
    return KEPT / f"{name}.txt"
