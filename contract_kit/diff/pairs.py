"""Pairs the two versions of a schema, and lists where they are used."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from attrs import field, frozen

from contract_kit.derive.places import places
from contract_kit.prove.proving import Part, prove_valid
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.operations import is_json
from contract_kit.read.paths import Path

from .results import Use


@frozen(eq=False)
class Version:
    """A schema in one version of a document."""

    validators: Validators
    node: Node = field(repr=False)

    def is_valid(self, value: Any) -> bool:
        """Whether a value is valid according to the first validator."""
        return self.validators.is_valid(self.node, value)

    def is_legal(self, value: Any) -> bool:
        """Whether a value is valid, and matches every format that any well-known validator checks."""
        return self.validators.is_legal(self.node, value)

    def nodes(self, value: Any) -> dict[Path, list[Node]]:
        """Return the schemas that apply to each part of a value, outer schemas first, by the part's path."""
        found: dict[Path, list[Node]] = defaultdict(list)
        for place in places(self.validators, self.node, value):
            found[place.path].append(place.node)
        return found


@frozen(eq=False)
class Pair:
    """The two versions of a schema.

    Attributes:
        allows: The sender's version: the new version for a response, the old version for a request.
        forbids: The receiver's version.
        examples: The examples in the sender's version, by name.
        uses: The requests or responses that use the schema.
    """

    allows: Version
    forbids: Version
    examples: dict[str, Any] = field(repr=False)
    uses: list[Use]

    @property
    def is_body(self) -> bool:
        """Whether the schema describes a body rather than a parameter or a header."""
        return bool(self.uses[0].kind)

    @property
    def is_json(self) -> bool:
        """Whether the value is JSON, or text that is parsed as JSON, as in a parameter or a header."""
        return not self.is_body or is_json(self.uses[0].kind)

    def is_confirmed(self, body: Any) -> bool:
        """Whether a value is a witness, according to two independent validators.

        Both must agree that the sender's version allows the value and that the receiver's version forbids it.
        """
        is_legal = prove_valid(self.allows.validators, Part([self.allows.node], body)).doubt is None
        validators, node = self.forbids.validators, self.forbids.node
        return is_legal and validators.refuses(node, body) and not validators.accepts(node, body)
