# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.
"""Decodes a response body into a model and checks every value."""

import codecs
import gc
import json
import math
import re
import threading
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from .times import read_time

T = TypeVar("T")

_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}
_LOOKING = threading.Lock()
_DEEP = "JSON nested this deeply"
_LONG = "a text of over 1 MiB"
_HALF_MIB = 1 << 19
_QUOTE = re.compile(rb'(?<!\\)"')
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_HALF = "half of a surrogate pair"
_HALF_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_WHOLE_ESCAPES = re.compile(rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
"""Matches escaped backslashes and surrogate pairs in a JSON document."""


class LimitError(msgspec.DecodeError):
    """This package can't represent the value, even though the contract might allow it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This package can't represent {what} (its own limit, not the contract's)")


def decode(data: bytes, model: type[T]) -> T:
    """Decode a JSON body into a model, and check every value against its declared type.

    Raises:
        msgspec.DecodeError: The body is not JSON.
        msgspec.ValidationError: A value has the wrong type; the message ends with its path.
        LimitError: The body is nested too deeply, contains a lone surrogate, or a text of over 1 MiB.
    """
    try:
        return decode_usual(data, model)
    except (RecursionError, ValueError):
        pass  # JSON allows 81.0 as an integer, but msgspec rejects it, so parse again below.
    decoded = convert(parse(data), model)
    check_limits(data)
    return decoded


def decode_usual(data: bytes, model: type[T]) -> T:
    """Decode a JSON body that contains only usual forms, for example no integers such as 81.0.

    Raises:
        ValueError: The body breaks the contract or has an unusual form.
        RecursionError: The body is nested too deeply.
    """
    _require_utf8(data)
    _check_texts(data)
    decoder: msgspec.json.Decoder[T] = _decoder(model)
    with PausedCollector():
        return decoder.decode(data)


def parse(data: bytes) -> Any:
    """Parse any JSON document; `81.0` becomes an integer. Call `check_limits` afterwards.

    Raises:
        msgspec.DecodeError: The document is not JSON.
        LimitError: The document is nested too deeply to be parsed, or contains a text of over 1 MiB.
    """
    _check_texts(data)
    try:
        return json.loads(data.decode(), parse_float=_number, parse_int=_integer, parse_constant=_refuse)
    except RecursionError:
        raise LimitError(_DEEP) from None
    except ValueError as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error}") from None


def check_limits(data: bytes) -> None:
    """Reject JSON that `parse` accepts but msgspec can't decode. The JSON isn't parsed again.

    Raises:
        LimitError: The JSON contains a lone surrogate, which UTF-8 can't encode.
    """
    if _HALF_ESCAPE.search(data) and _HALF_ESCAPE.search(_WHOLE_ESCAPES.sub(b" ", data)):
        raise LimitError(_HALF)


def convert(document: Any, expected: type[T]) -> T:
    """Convert the result of `parse`, or part of it, to the expected type: a model or a type hint.

    Raises:
        msgspec.ValidationError: A value has the wrong type; the message ends with its path in the document.
        LimitError: A value of the right type can't be represented, or the document is nested too deeply.
    """
    try:
        return msgspec.convert(document, expected, dec_hook=read_time)
    except RecursionError:
        raise LimitError(_DEEP) from None
    except UnicodeEncodeError:
        raise LimitError(_HALF) from None
    except msgspec.ValidationError:
        _check_limits_of(document, expected)
        raise


def _check_limits_of(value: Any, expected: Any) -> None:
    """Raise LimitError if the value was rejected only because it can't be represented."""
    ordinary: object
    if isinstance(value, OutOfRangeNumber) or type(value) is int:
        what, ordinary = "a number this large", 0 if Decimal(value).to_integral_value() == value else 0.5
    elif isinstance(value, str) and value.startswith("0000-"):
        what, ordinary = "the year 0000", f"2000-{value[5:]}"
    else:
        return
    try:
        msgspec.convert(ordinary, expected, dec_hook=read_time)
    except msgspec.ValidationError:
        return
    raise LimitError(what)


class PausedCollector:
    """Pauses the cyclic garbage collector, with which decoding 7 MB would take three times as long.

    The pause affects the entire process, but the decoder holds the GIL, so other threads hardly run in the
    meantime.
    """

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            gc.enable()


def _decoder(model: Any) -> msgspec.json.Decoder[Any]:
    """Return a model's decoder. Without a lock, msgspec crashes if two threads create decoders at once."""
    if model not in _DECODERS:
        with _LOOKING:
            if model not in _DECODERS:
                _DECODERS[model] = msgspec.json.Decoder(model, dec_hook=read_time)
    return _DECODERS[model]


def _require_utf8(data: bytes, step: int = 1 << 16) -> None:
    """Reject bytes that aren't UTF-8, even in fields outside the model, using little memory."""
    if data.isascii():
        return
    utf8 = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), step):
        utf8.decode(data[start : start + step])
    utf8.decode(b"", final=True)


def _check_texts(data: bytes) -> None:
    """Raise LimitError if a body contains a text of over 1 MiB.

    Such a text includes an aligned half MiB in which a backslash precedes each quote. Few other bodies do, and
    only for them, all strings are read.
    """
    starts = range(0, len(data) - _HALF_MIB, _HALF_MIB)
    if all(_QUOTE.search(data, each, each + _HALF_MIB) for each in starts):
        return
    if any(len(each[0]) > 2 * _HALF_MIB + 2 for each in _STRING.finditer(data)):
        raise LimitError(_LONG)


class OutOfRangeNumber(Decimal):
    """A number that is too large for a double, or has more digits than Python parses.

    Fields of type float or int reject such a number; free-form values keep it. If the exponent is too large
    even for a Decimal, the number is infinite.
    """


def _number(text: str) -> int | float | Decimal:
    value = float(text)
    if not math.isinf(value):
        return int(value) if value.is_integer() else value
    try:
        return OutOfRangeNumber(text)
    except InvalidOperation:  # an exponent of about 19 digits is too large even for a Decimal
        return OutOfRangeNumber(value)


def _integer(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return OutOfRangeNumber(text)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON value")


__all__ = ["LimitError", "PausedCollector", "check_limits", "convert", "decode", "decode_usual", "parse"]
