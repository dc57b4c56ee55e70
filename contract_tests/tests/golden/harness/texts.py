"""The texts that are kept about the harness, the stub and the contract: the function that yields each."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from . import built, commands, fields, matrices, rules, scenarios, service, shown

KEPT = Path(__file__).with_name("kept")
TEXTS: dict[str, Callable[[], Iterable[str]]] = {
    "rules/cases": rules.cases,
    "rules/limits": rules.limits,
    "rules/statuses": matrices.statuses,
    "rules/applicability": matrices.applicability,
    "rules/outcomes": matrices.outcomes,
    "rules/locations": matrices.locations,
    "rules/keys": matrices.keys,
    "rules/json": matrices.json_bodies,
    "rules/requests": matrices.requests,
    "shown/values": shown.values,
    "shown/reproductions": shown.reproductions,
    "shown/merged": shown.merged,
    **{f"stub/{name}": partial(service.played, name) for name in service.OPTIONS},
    "stub/built": built.runs,
    "stub/counters": built.counters,
    "stub/refused": built.refused,
    "commands": commands.outputs,
    **scenarios.texts(),
    "contract/schemas": fields.schemas,
    "contract/findings": fields.findings,
    "contract/queue": fields.queue_requests,
}
"""The function that yields the lines of each text, by the name of its file."""


def file_of(name: str) -> Path:
    return KEPT / f"{name}.txt"
