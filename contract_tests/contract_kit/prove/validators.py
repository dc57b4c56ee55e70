"""The validators of a document's schemas. Each is created when it is first needed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from contract_kit.read import formats

from .strict import Check, Discriminator, Node, strict_definitions

if TYPE_CHECKING:
    from .second_validator import SecondValidators

_URN = "urn:contract-kit"
_BACKTRACKS = jsonschema_rs.FancyRegexOptions(backtrack_limit=1_000_000)


class Validators:
    """Creates and caches validators by the address of their schema, a JSON Pointer as a URI fragment.

    Args:
        definitions: The normalized schemas by name; more may be added later.
        discriminator: Returns the discriminator of a schema.
        added_to: Returns the schemas that a child adds to its parent.
    """

    def __init__(
        self,
        definitions: dict[str, Node],
        discriminator: Callable[[Node], Discriminator | None],
        added_to: Callable[[Node, Node], Iterator[Node]],
    ) -> None:
        self._definitions = definitions
        self._discriminator = discriminator
        self._added_to = added_to
        self._first: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._strict: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._second: dict[str, Any] = {}

    def forget(self) -> None:
        """Read the definitions again before the next validator is created, because some were added."""
        for name in ("_registry", "_strict_registry", "are_well_formed"):
            self.__dict__.pop(name, None)

    @functools.cached_property
    def are_well_formed(self) -> bool:
        """Whether all definitions are valid schemas: jsonschema-rs gives no error for an invalid schema."""
        return jsonschema_rs.meta.is_valid(self._whole)

    def first(self, address: str) -> jsonschema_rs.Draft202012Validator:
        """Return jsonschema-rs' validator of a schema."""
        if address not in self._first:
            self._first[address] = _compiled(address, self._registry, {})
        return self._first[address]

    def strict(self, address: str) -> jsonschema_rs.Draft202012Validator:
        """Return jsonschema-rs' validator with every check that a legal value must pass."""
        if address not in self._strict:
            self._strict[address] = _compiled(address, *self._strict_registry)
        return self._strict[address]

    def second(self, address: str) -> Any:
        """Return jsonschema's validator of a schema."""
        if address not in self._second:
            self._second[address] = self._seconds.at(address)
        return self._second[address]

    @property
    def _whole(self) -> Node:
        return {"$defs": self._definitions}

    @functools.cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_URN, self._whole)])

    @functools.cached_property
    def _strict_registry(self) -> tuple[jsonschema_rs.Registry, dict[str, Check]]:
        definitions, checks = strict_definitions(self._definitions, self._discriminator, self._added_to)
        return jsonschema_rs.Registry([(_URN, {"$defs": definitions})]), checks

    @functools.cached_property
    def _seconds(self) -> SecondValidators:
        from .second_validator import SecondValidators  # loaded late: only proofs need the second validator

        return SecondValidators(_URN, self._whole)


def _compiled(
    address: str, registry: jsonschema_rs.Registry, checks: dict[str, Check]
) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": _URN + "#" + address},
        registry=registry,
        formats={"date-time": formats.is_time} | checks,
        validate_formats=True,
        pattern_options=_BACKTRACKS,
        offline=True,
    )
