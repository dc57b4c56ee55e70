"""Makes valid bodies in which lists, objects or booleans are in a different state than in the fullest body.

Some servers deviate in only one state: they send null for an empty list, or the bare item for a list of one.
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
    """Empty what is inside the items of a list, but neither the items nor what is around them."""
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
    """Yield further valid bodies with their names, made from the fullest body.

    Where the schema allows it, lists have one item, lists and objects (everywhere, or only inside items) are
    empty, or booleans are false. The body itself stays an object.
    """
    for name, change in _STATES.items():
        kept: dict[Path, bool] = {(): False} if isinstance(body, dict) else {}
        for _ in range(_ROUNDS):
            changed = _changed(body, change, (), kept)
            if not (errors := {tuple(each.instance_path) for each in find_errors(changed)}):
                yield name, changed
                break
            for path in errors:  # first keep the value, and then also what it contains
                kept[path] = path in kept


def _changed(value: Any, change: Callable[[Any, Path], Any], path: Path, kept: dict[Path, bool]) -> Any:
    """Change all parts of a value, except at the paths in `kept`. If true, everything inside is kept."""
    if kept.get(path):
        return value
    found = value if path in kept else change(value, path)
    if isinstance(found, dict):
        return {key: _changed(each, change, (*path, key), kept) for key, each in found.items()}
    if isinstance(found, list):
        return [_changed(each, change, (*path, at), kept) for at, each in enumerate(found)]
    return found
