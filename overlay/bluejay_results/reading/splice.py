"""Replaces items of a list in a JSON body; all other bytes stay the same."""

from collections.abc import Mapping, Sequence

import msgspec


def with_items(data: bytes, key: str, items: Mapping[int, bytes], added: Sequence[bytes] = ()) -> bytes:
    """Replace items of the list under `key` by index, append items, and return the bytes of the new object.

    If the list is null or absent and items are added, a new list is written.
    """
    members = _members(data)
    if key not in members:
        end = data.rindex(b"}")
        comma = b"," if members else b""
        return b'%b%b"%b":[%b]%b' % (data[:end], comma, key.encode(), b",".join(added), data[end:])
    old = bytes(members[key])
    listed = msgspec.json.decode(old, type=list[msgspec.Raw] | None)
    if listed is None:
        return _with_value(data, key, old, b"[%b]" % b",".join(added))
    pieces, done = list[bytes](), 0
    for index, item in enumerate(map(bytes, listed)):
        start = old.index(item, done)  # between two items there are only white space and a comma
        pieces += [old[done:start], items.get(index, item)]
        done = start + len(item)
    comma = b"," if listed and added else b""
    new = b"".join([*pieces, old[done:-1], comma, b",".join(added), b"]"])
    return _with_value(data, key, old, new)


def _with_value(data: bytes, key: str, old: bytes, new: bytes) -> bytes:
    """Return an object's bytes with the value of a key replaced.

    The same bytes may occur elsewhere, so each occurrence is tried until the key has the new value. After 100
    occurrences, the object is encoded again, so that no body takes quadratic time.
    """
    start = -1
    for _ in range(100):
        start = data.index(old, start + 1)
        changed = b"%b%b%b" % (data[:start], new, data[start + len(old) :])
        try:
            if bytes(_members(changed)[key]) == new:
                return changed
        except (msgspec.DecodeError, KeyError):
            continue
    return msgspec.json.encode({**_members(data), key: msgspec.Raw(new)})


def _members(data: bytes) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(data, type=dict[str, msgspec.Raw])
