"""A JSON body with other items in the list under one of its keys, byte for byte the same around them."""

import json
import re
from collections.abc import Mapping, Sequence

_SPACE = re.compile(r"[ \t\n\r]*")
# Only where values end matters: integers of any length are read, and nothing is kept of them.
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)


def with_items(data: bytes, key: str, items: Mapping[int, bytes], added: Sequence[bytes] = ()) -> bytes:
    """Return an object's bytes with items of the list under `key` replaced, by index, and others added.

    A list that is null or absent is made where something is added.
    """
    text = data.decode()
    span = _value_of(text, key)
    if span is None:
        end = text.rindex("}")
        comma = "," if text[:end].rstrip()[-1] != "{" else ""
        return f'{text[:end]}{comma}"{key}":{_list(added)}{text[end:]}'.encode()
    start, end = span
    if text[start] != "[":
        return f"{text[:start]}{_list(added)}{text[end:]}".encode()
    pieces, done, place, index = [], 0, _after_space(text, start + 1), 0
    while text[place] != "]":
        _value, stop = _DECODER.raw_decode(text, place)
        if index in items:
            pieces += [text[done:place], items[index].decode()]
            done = stop
        index, place = index + 1, _after_space(text, stop)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    more = [each.decode() for each in added]
    pieces += [text[done:place], "," if more and index else "", ",".join(more), text[place:]]
    return "".join(pieces).encode()


def _value_of(text: str, key: str) -> tuple[int, int] | None:
    """Return where the value of the last key of this name starts and ends."""
    found = None
    place = _after_space(text, _after_space(text, 0) + 1)
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        start = _after_space(text, _after_space(text, place) + 1)
        _value, end = _DECODER.raw_decode(text, start)
        if name == key:
            found = start, end
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    return found


def _list(items: Sequence[bytes]) -> str:
    return f"[{','.join(each.decode() for each in items)}]"


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
