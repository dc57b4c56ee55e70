"""Replacing items of a list in a JSON body; all other bytes stay the same."""

import pytest
from bluejay_results.reading.splice import with_items


@pytest.mark.parametrize(
    ("body", "items", "added", "expected"),
    [
        (b'{"l":[1,2]}', {1: b"9"}, [], b'{"l":[1,9]}'),
        (b'{"l": [ 1 , {"a": [2]} ,3 ] }', {1: b'{"b":0}'}, [], b'{"l": [ 1 , {"b":0} ,3 ] }'),
        (b'{"a":{"l":[7]},"l":[7],"b":[7]}', {0: b"8"}, [], b'{"a":{"l":[7]},"l":[8],"b":[7]}'),
        (b'{"\\u006c" : [1]}', {0: b"8"}, [], b'{"\\u006c" : [8]}'),
        (b'{"s":"\\"l\\":[1]","l":[1]}', {0: b"8"}, [], b'{"s":"\\"l\\":[1]","l":[8]}'),
        (b'{"l":[1],"l":[2]}', {0: b"8"}, [], b'{"l":[1],"l":[8]}'),
        ('{"s":"äöü€","l":["ß"]}'.encode(), {0: '"é"'.encode()}, [], '{"s":"äöü€","l":["é"]}'.encode()),
        (b'{"l":[1%b]}' % (b"0" * 9000), {0: b"8"}, [], b'{"l":[8]}'),
        (b'{"l":[1]}', {}, [b"2", b"3"], b'{"l":[1,2,3]}'),
        (b'{"l":[]}', {}, [b"2"], b'{"l":[2]}'),
        (b'{"l":null}', {}, [b"2"], b'{"l":[2]}'),
        (b'{"a":1 }', {}, [b"2"], b'{"a":1 ,"l":[2]}'),
        (b"{}", {}, [b"2"], b'{"l":[2]}'),
        (b'{"a":[%b0], "l":[7]}' % (b"[7]," * 200), {0: b"8"}, [], b'{"a":[%b0],"l":[8]}' % (b"[7]," * 200)),
    ],
    ids=[
        "one", "spaces", "elsewhere too", "escaped", "in a string", "twice", "beyond ASCII", "a long number",
        "added", "added to none", "null", "absent", "an empty object", "often elsewhere",
    ],
)  # fmt: skip
def test_items_are_replaced_by_index_and_others_are_added(
    body: bytes, items: dict[int, bytes], added: list[bytes], expected: bytes
) -> None:
    assert with_items(body, "l", items, added) == expected
