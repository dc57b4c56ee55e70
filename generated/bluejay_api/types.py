# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.
"""Types for the generated code: times, open enums, optional fields, and responses."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Optional, Self, TypeAlias, TypeVar

from attrs import define, fields

T = TypeVar("T")

if TYPE_CHECKING:
    DateTime = datetime.datetime
    MayBeAbsent: TypeAlias = Optional[T]  # noqa: UP045 - mypy rejects an alias of T | None
else:

    class _IsDateTime(type):
        # A C function for speed, because msgspec calls it for every date-time that it decodes.
        __instancecheck__ = datetime.datetime.__instancecheck__

    class DateTime(metaclass=_IsDateTime):
        """Makes msgspec call `read_time`, because its own parser rejects some valid RFC 3339 date-times."""

    class MayBeAbsent:
        """Marks a field that may be absent, but not null. An absent field is None in Python.

        Type checkers therefore see T or None. msgspec sees T, so it rejects null.
        """

        def __class_getitem__(cls, item: type) -> type:
            return item


def with_class_defaults(model: type[T]) -> type[T]:
    """Set a class's field defaults as class attributes, so that decoding doesn't have to set absent fields.

    For each absent field, msgspec checks whether the object has the attribute, and otherwise sets the
    default. Without a class attribute, every such check raises and discards an AttributeError. For the 54
    correction fields in a conversation with five metrics, decoding would take half as long again.

    msgspec omits absent fields when it encodes such an object; `attrs.asdict` includes them.
    """
    for each in fields(model):  # type: ignore[arg-type] # T isn't bound to attrs' protocol
        if each.name not in dir(model):
            setattr(model, each.name, each.default)
    return model


class OpenEnum(StrEnum):
    """An enum that the server may extend without notice; unknown values are kept as received."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in type(self).__members__.values()


@define
class Response(Generic[T]):
    """An operation's response. `parsed` is None if the contract documents no body for `status_code`."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    parsed: T | None


__all__ = ["DateTime", "MayBeAbsent", "OpenEnum", "Response", "with_class_defaults"]
