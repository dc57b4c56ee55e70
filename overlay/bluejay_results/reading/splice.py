"""A JSON body with other items in the list under one of its keys, byte for byte the same around them."""

import json
import re
from collections.abc import Mapping, Sequence

import msgspec

_SPACE = re.compile(rb"[ \t\n\r]*")
_COLON = re.compile(rb"[ \t\n\r]*:[ \t\n\r]*")
_COMMA = re.compile(rb"[ \t\n\r]*,?[ \t\n\r]*")
# Only where values end matters: integers of any length are read, and nothing is kept of them.
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)


def with_items(data: bytes, key: str, items: Mapping[int, bytes], added: Sequence[bytes] = ()) -> bytes:
    """Return an object's bytes with items of the list under `key` replaced, by index, and others added.

    A list that is null or absent is made where something is added.
    """
    members = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    if key not in members:
        end = data.rindex(b"}")
        comma = b"," if members else b""
        return b'%b%b"%b":[%b]%b' % (data[:end], comma, key.encode(), b",".join(added), data[end:])
    value = members[key]
    start = _start_of(data, key, value)
    end = start + len(memoryview(value))
    if data[start : start + 1] != b"[":
        return b"%b[%b]%b" % (data[:start], b",".join(added), data[end:])
    pieces, done, place = [], 0, _after(_SPACE, data, start + 1)
    listed = msgspec.json.decode(value, type=list[msgspec.Raw])
    last = max(items, default=-1)
    for index, item in enumerate(listed[: last + 1]):
        stop = place + len(memoryview(item))
        if index in items:
            pieces += [data[done:place], items[index]]
            done = stop
        place = _after(_COMMA, data, stop)
    comma = b"," if listed and added else b""
    return b"".join([*pieces, data[done : end - 1], comma, b",".join(added), data[end - 1 :]])


def _start_of(data: bytes, key: str, value: msgspec.Raw) -> int:
    """Return where the value of the last key of this name starts."""
    name = b'"%b"' % key.encode()
    if data.count(name) == 1:  # a quote within a string has a backslash before it
        start = _after(_COLON, data, data.index(name) + len(name))
        if memoryview(data)[start : start + len(memoryview(value))] == memoryview(value):
            return start
    return _start_by_parsing(data.decode(), key)


def _start_by_parsing(text: str, key: str) -> int:
    """Return the same of a body that has the name elsewhere too, or written in another way."""
    place = found = 0

    def after_space(place: int) -> int:
        match = re.compile(r"[ \t\n\r]*").match(text, place)
        return match.end() if match else place

    place = after_space(after_space(0) + 1)
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        start = after_space(after_space(place) + 1)
        _value, end = _DECODER.raw_decode(text, start)
        found = start if name == key else found
        place = after_space(end)
        place = after_space(place + 1) if text[place] == "," else place
    return len(text[:found].encode())


def _after(what: re.Pattern[bytes], data: bytes, place: int) -> int:
    match = what.match(data, place)
    return match.end() if match else place
