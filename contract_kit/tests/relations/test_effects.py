"""What can't change an effect: the order of names and items, a client's own names, and values that vary."""

import json
from itertools import count
from typing import Any

from contract_kit.judge.effects import Comparison, Effect
from contract_kit.serve.returned import Returned

from ..matrices.effects import CLIENTS, changes, effect


def backwards(tree: Any) -> Any:
    """Return a tree whose objects have their names in the opposite order."""
    if isinstance(tree, dict):
        return {name: backwards(tree[name]) for name in reversed(tree)}
    return [*map(backwards, tree)] if isinstance(tree, list) else tree


def elsewhere(tree: Any) -> Any:
    return {"data": [{"version": 4711}, backwards(tree)], "of the client": True}


def test_the_order_of_names_and_the_place_of_a_result_change_no_effect() -> None:
    for client in [each for name, each in CLIENTS.items() if name not in ("only id", "its text")]:
        for label, body in changes():
            for is_legal in (False, True):
                plain = effect(client, body, is_legal=is_legal)
                assert effect(client, body, is_legal=is_legal, change=elsewhere) is plain, label


def test_a_value_that_varies_between_calls_changes_no_effect() -> None:
    for label, body in changes():
        calls, results = count(), []
        for value in (body, {}, body):
            results.append(json.dumps({"it": value, "at": next(calls)}))
        comparison = Comparison(
            b"{}", Returned(results[0]), Returned(json.dumps({"it": body, "at": "later"}))
        )
        found = comparison.finding(b"[]", results[2], is_legal=False, default=lambda _: None)
        assert (comparison.not_comparable, found.effect) == ("", Effect.NO_EFFECT), label
        assert comparison.change(Returned(results[2])) is None
        assert comparison.change(Returned(results[1])) is not None
