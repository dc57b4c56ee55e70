"""Names the paths in a body by schema, so that mutant ids survive unrelated edits to the document."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from contract_kit.read.graph import Node
from contract_kit.read.normalizing import is_shallow
from contract_kit.read.paths import Path, pointer

ANY = "*"
"""Represents a list item, or a key that the schema doesn't list."""


def named(path: Path) -> str:
    """Return path steps as part of a named path."""
    return pointer(ANY if isinstance(step, int) else step for step in path)


def in_branch(name: str) -> str:
    """Return a union branch as part of a named path."""
    return f"({name})"


def branch_names(union: Node, keyword: str) -> list[str]:
    """Return a name for each branch of a union. The names don't depend on the order of the branches.

    A name comes from the `$ref`, or else from the discriminator's value, the title, the type, or a hash of
    the schema, in this order of preference. If branches would share a name, their hashes are used instead.
    """
    if keyword == "if":
        return ["then", "else"]
    names = [_name(union, each) for each in union[keyword]]
    shared = Counter(names)
    pairs = zip(names, union[keyword], strict=True)
    return [name if name and shared[name] == 1 else _hash(each) for name, each in pairs]


def _name(union: Node, branch: Node) -> str:
    if branch.referred is not None:
        return branch.referred.place.pointer.rpartition("/")[2]
    properties = branch.get("properties", {})
    if union.discriminator and union.discriminator.property in properties:
        listed = properties[union.discriminator.property]
        values = [listed["const"]] if "const" in listed else listed.get("enum", [])
        if len(values) == 1:
            return str(values[0])
    title = branch.raw.get("title")
    return title if isinstance(title, str) else " ".join(branch.types)


def _hash(branch: Node) -> str:
    written = _written(branch.raw or branch) if is_shallow(branch.raw) else branch.origin
    return hashlib.sha256(written.encode()).hexdigest()[:8]


def _written(value: Any) -> str:
    """Serialize a value so that the order of keys and items doesn't affect the result."""
    if isinstance(value, dict):
        return f"{{{', '.join(sorted(f'{key}: {_written(inner)}' for key, inner in value.items()))}}}"
    return f"[{', '.join(sorted(map(_written, value)))}]" if isinstance(value, list) else json.dumps(value)
