# Generated from openapi.yaml by `make generate`. Do not edit: the next run writes it anew.
"""What the generated models are made of, and how a response body becomes one."""

import codecs
import datetime
import functools
import gc
import json
import math
import re
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Union, cast

import msgspec
from attrs import define

T = TypeVar("T")

_DEEP = "JSON nested this deeply"
_HALF = "half of a surrogate pair"

if TYPE_CHECKING:
    DateTime = datetime.datetime
    MayBeAbsent = Union[T, None]
else:

    class _IsDateTime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime.datetime)

    class DateTime(metaclass=_IsDateTime):
        """Sends msgspec to our own reader of times: the built-in one refuses some that RFC 3339 allows."""

    class MayBeAbsent:
        """Marks a field that may be left out but must not be null: None to the reader, T to msgspec."""

        def __class_getitem__(cls, item: type) -> type:
            return item


class OpenEnum(StrEnum):
    """An enum to which the server adds values without notice: an unknown one is kept as it came."""

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
    """A response to an operation.

    `parsed` is None where the contract documents no body for `status_code`.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    parsed: T | None


class LimitError(msgspec.DecodeError):
    """The contract may allow it, and this package can't hold it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This package can't hold {what} (its own limit, not the contract's)")


def decode(data: bytes, model: type[T]) -> T:
    """Decode a JSON body into a model, every value checked against its declared type.

    Raises:
        msgspec.DecodeError: The body is not JSON.
        msgspec.ValidationError: The body is JSON of another shape, or has a value that a field can't hold;
            the message ends with the path.
        LimitError: It is nested too deeply or has half of a surrogate pair.
    """
    try:
        _require_utf8(data)
        decoder: msgspec.json.Decoder[T] = _decoder(cast(Hashable, model))
        with _no_search_for_garbage():
            return decoder.decode(data)
    except (RecursionError, ValueError):
        pass  # An integer may be written 81.0: msgspec alone refuses it, so read the numbers by value.
    decoded = convert(parse(data), model)
    check_limits(data)
    return decoded


def parse(data: bytes) -> Any:
    """Read a JSON document of any shape, its numbers by value, before `check_limits`.

    Raises:
        msgspec.DecodeError: It is not JSON.
        LimitError: It is nested too deeply to tell.
    """
    try:
        return json.loads(data.decode(), parse_float=_number, parse_int=_integer, parse_constant=_refuse)
    except RecursionError:
        raise LimitError(_DEEP) from None
    except ValueError as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error}") from None


def check_limits(data: bytes) -> None:
    """Refuse JSON that `parse` reads and msgspec does not.

    Raises:
        LimitError: It is nested too deeply or has half of a surrogate pair, which no UTF-8 holds.
    """
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except RecursionError:
        raise LimitError(_DEEP) from None
    except msgspec.DecodeError:
        raise LimitError(_HALF) from None


def convert(document: Any, expected: type[T]) -> T:
    """Turn what `parse` read, or a part of it, into a value of the expected type: a model or a type hint.

    Raises:
        msgspec.ValidationError: It is of another type; the message ends with the path, if it is below.
        LimitError: It is a value of that type that can't be held, or is nested too deeply.
    """
    try:
        return msgspec.convert(document, expected, dec_hook=_read)
    except RecursionError:
        raise LimitError(_DEEP) from None
    except UnicodeEncodeError:
        raise LimitError(_HALF) from None
    except msgspec.ValidationError:
        _check_limits_of(document, expected)
        raise


def _check_limits_of(value: Any, expected: Any) -> None:
    """Raise LimitError for a refused value if an ordinary one in its place is accepted."""
    ordinary: object
    if isinstance(value, OutOfRangeNumber) or type(value) is int:
        what, ordinary = "a number this large", 0 if Decimal(value).to_integral_value() == value else 0.5
    elif isinstance(value, str) and value.startswith("0000-"):
        what, ordinary = "the year 0000", f"2000-{value[5:]}"
    else:
        return
    try:
        msgspec.convert(ordinary, expected, dec_hook=_read)
    except msgspec.ValidationError:
        return
    raise LimitError(what)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Make objects that all are wanted: looking for garbage among them takes three times what making them does.

    For the whole process, and yet for this thread alone: the decoder lets no other one run for long.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@functools.cache
def _decoder(model: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(model, dec_hook=_read)


def _require_utf8(data: bytes, step: int = 1 << 16) -> None:
    """Refuse bytes that are not UTF-8, also in a string that no model holds, in little memory."""
    if data.isascii():
        return
    utf8 = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), step):
        utf8.decode(data[start : start + step])
    utf8.decode(b"", final=True)


class OutOfRangeNumber(Decimal):
    """A number that no double holds, or of more digits than Python reads.

    A field of type float or int refuses it, a free-form value keeps it. It is infinite where its exponent is
    beyond a Decimal as well.
    """


def _number(text: str) -> int | float | Decimal:
    value = float(text)
    if not math.isinf(value):
        return int(value) if value.is_integer() else value
    try:
        return OutOfRangeNumber(text)
    except InvalidOperation:  # an exponent of 19 digits or so, which no Decimal holds either
        return OutOfRangeNumber(value)


def _integer(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return OutOfRangeNumber(text)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON value")


_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|(60))(?:\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)
_SECONDS = len("2026-11-19T16:04:")


def _read(expected: type, value: Any) -> datetime.datetime:
    """Read an RFC 3339 time. Without a zone it is UTC; a leap second is the last microsecond before it ends."""
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"Expected RFC 3339 date-time, got {_brief(value)}")
    is_leap, zone = match.groups()
    text = value if zone else f"{value}Z"
    if is_leap:
        text = f"{value[:_SECONDS]}59.999999{zone or 'Z'}"
    try:
        time = datetime.datetime.fromisoformat(text.upper())
        if is_leap and time.astimezone(datetime.UTC).strftime("%H:%M") != "23:59":
            raise ValueError("a leap second ends a day in UTC")
        return time
    except (ValueError, OverflowError) as error:
        raise ValueError(f"Expected RFC 3339 date-time, got {_brief(value)}: {error}") from None


def _brief(value: object, limit: int = 40) -> str:
    text = json.dumps(value) if isinstance(value, str) else f"`{type(value).__name__}`"
    return text if len(text) <= limit else f"{text[:limit]}…"


__all__ = [
    "DateTime",
    "LimitError",
    "MayBeAbsent",
    "OpenEnum",
    "Response",
    "check_limits",
    "convert",
    "decode",
    "parse",
]
