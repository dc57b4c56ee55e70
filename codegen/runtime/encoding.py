"""Encodes a model as a request body and validates every value."""

import json
from typing import Any
from uuid import UUID

import attrs
import msgspec

from .decoding import decode


def encode(body: Any, model: type) -> bytes:
    """Encode a model as JSON, omitting fields that are None, and decode it again to validate every value.

    Raises:
        ValueError: The contract doesn't allow a value, or a value can't be serialized. The message ends with
            the path if it is known.
    """
    try:
        content = json.dumps(body, default=_fields, ensure_ascii=False, allow_nan=False).encode()
    except (RecursionError, TypeError, UnicodeEncodeError) as error:
        raise ValueError(f"a value can't be serialized as JSON: {error}") from None
    try:
        decode(content, model)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    return content


def _fields(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if attrs.has(type(value)):
        return {name: each for name, each in attrs.asdict(value, recurse=False).items() if each is not None}
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


__all__ = ["encode"]
