"""Makes valid bodies whose lists, objects or booleans are in a different state than in the fullest body.

Some servers deviate in only one state: for example, they send null for an empty list, or the bare item for a
list with one item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from contract_kit.read.paths import Path

_ROUNDS = 12


def _with_one_item(value: Any, _: Path) -> Any:
    return value[:1] if isinstance(value, list) else value


def _empty(value: Any, _: Path) -> Any:
    return type(value)() if isinstance(value, dict | list) else value


def _with_one_emptied_item(value: Any, path: Path) -> Any:
    """Empty the lists and objects inside list items. Outside list items, keep one item per list."""
    is_inside = any(isinstance(step, int) for step in path[:-1])
    return _empty(value, path) if is_inside else _with_one_item(value, path)


def _false(value: Any, _: Path) -> Any:
    return False if value is True else value


_STATES = {
    "one-item": _with_one_item,
    "empty": _empty,
    "empty-items": _with_one_emptied_item,
    "false": _false,
}


def in_other_states(body: Any, find_errors: Callable[[Any], Iterable[Any]]) -> Iterator[tuple[str, Any]]:
    """Yield variants of the fullest body that are also valid, with their names.

    Each variant makes one change wherever the schema allows it: lists have one item, or lists and objects are
    empty, or those inside list items are empty, or booleans are false. If the body itself is an object, it
    isn't emptied.
    """
    for name, change in _STATES.items():
        kept: dict[Path, bool] = {(): False} if isinstance(body, dict) else {}
        for _ in range(_ROUNDS):
            changed = _changed(body, change, (), kept)
            if not (errors := {tuple(each.instance_path) for each in find_errors(changed)}):
                yield name, changed
                break
            for path in errors:  # first keep the value, and then its contents as well
                kept[path] = path in kept


def _changed(value: Any, change: Callable[[Any, Path], Any], path: Path, kept: dict[Path, bool]) -> Any:
    """Change all parts of a value except those in `kept`. If a path maps to True, keep its contents, too."""
    if kept.get(path):
        return value
    found = value if path in kept else change(value, path)
    if isinstance(found, dict):
        return {key: _changed(each, change, (*path, key), kept) for key, each in found.items()}
    if isinstance(found, list):
        return [_changed(each, change, (*path, at), kept) for at, each in enumerate(found)]
    return found
