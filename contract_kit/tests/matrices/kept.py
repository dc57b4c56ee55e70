"""Every kept text, with the functions that make it."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from . import (
    calls,
    deliveries,
    effects,
    fields,
    generated,
    judged,
    replies,
    returned,
    schemas,
    served,
    trees,
)
from .texts import Case, Results, cases, written

HERE = Path(__file__).parent
TEXTS: dict[str, tuple[Results, Callable[[], Iterable[Case]] | None]] = {
    "effects.txt": (effects.findings, None),
    "effects_of_clients.txt": (effects.of_clients, effects.clients),
    "values.txt": (trees.values, None),
    "differences.txt": (trees.compared, None),
    "fields.txt": (fields.fields, None),
    "proofs.txt": (schemas.proofs, None),
    "functions.txt": (calls.functions, None),
    "commands.txt": (calls.commands, None),
    "unusable.txt": (calls.unusable, None),
    "replies.txt": (replies.replies, None),
    "python_trees.txt": (returned.trees, None),
    "judged.txt": (judged.responses, None),
    "states.txt": (judged.states, None),
    "signatures.txt": (deliveries.signatures, None),
    "answers.txt": (deliveries.answers, None),
    "deliveries.txt": (deliveries.deliveries, None),
    "generated.txt": (generated.python, None),
    "versions.txt": (generated.versions, None),
    "served.txt": (served.responses, None),
    "offers.txt": (served.offers, None),
}
"""The function that yields a text's results, and another for its cases, unless the text defines them."""


def made(name: str) -> str:
    results, listed = TEXTS[name]
    return written((listed or partial(cases, HERE / name))(), results)
