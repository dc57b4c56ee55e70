"""Builds JSON paths, such as `$.simulation_results[3].id` and `$.result['a key']`."""

import re


def member(path: str, key: str) -> str:
    """Return the path of a member of the object at `path`."""
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"


def item(path: str, index: int) -> str:
    """Return the path of an item of the list at `path`."""
    return f"{path}[{index}]"


def without_indexes(path: str) -> str:
    """Return a path with the indexes removed: `$.events[].title` for `$.events[3].title`."""
    return re.sub(r"\[\d+\]", "[]", path)
