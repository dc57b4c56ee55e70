"""The unions that are found while a value is built, and the branch to take of each union."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from contract_kit.read.graph import Node
from contract_kit.read.paths import Path

Picks: TypeAlias = dict[tuple[int, str], int]
"""The key is a union: the id of its schema, and its keyword. The value is the index of the branch to take."""


@frozen
class Union:
    """A union: a keyword of a schema that offers a choice of branches.

    Attributes:
        node: The schema.
        keyword: The keyword, such as `oneOf`.
        branches: The number of branches.
        path: The steps to the first value that the union applies to.
        nodes: All schemas that this first value is built for.
        above: The ids of the schemas of the objects and lists that contain this first value.
    """

    node: Node = field(repr=False)
    keyword: str
    branches: int
    path: Path
    nodes: tuple[Node, ...] = field(repr=False)
    above: tuple[int, ...] = field(repr=False)
