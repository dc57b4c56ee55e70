"""Bodies that are not JSON, or JSON that is difficult to read."""

import codecs

from bluejay_results import ContractViolationError, UnsupportedValueError

from .._http import SETTLED, response
from .._row import RECOVERED, Ends, Row, fails
from .._scripts import answers

_BROKEN = fails(ContractViolationError, 200)
_UNSUPPORTED = fails(UnsupportedValueError, 200)
_DEEP = 100_000
_MANY_FIELDS = SETTLED[:-1] + b"".join(b',"n%d":1' % number for number in range(100_000)) + b"}"


def _body(name: str, body: bytes, ends: Ends = _BROKEN, *, command: tuple[str, ...] = ()) -> Row:
    return Row(name, answers(response(body)), ends, command=command)


def _counter(name: str, value: bytes) -> Row:
    """Return a row about a number of a run, which the other operations ignore."""
    return Row(name, answers(response(_instead(b"total_tests", value))), _UNSUPPORTED, is_of_runs=True)


def _with_field(value: bytes, name: bytes = b"new_field") -> bytes:
    """Return the valid body with one more field in the run."""
    return SETTLED.replace(b'"simulation_run":{', b'"simulation_run":{"%b":%b,' % (name, value), 1)


def _instead(name: bytes, value: bytes) -> bytes:
    """Return the valid body with another value for a number of the run."""
    head, _, tail = SETTLED.partition(b'"%b":' % name)
    return head + b'"%b":%b' % (name, value) + tail[min(tail.index(b","), tail.index(b"}")) :]


JSON_TEXT = (
    _body("text", b"Service is up", command=("show",)),
    _body("null", b"null"),
    Row("an empty object", answers(response(b"{}")), _BROKEN, list_ends=RECOVERED),
    _body("cut in the middle", SETTLED[: len(SETTLED) // 2]),
    _body("a body and a half", SETTLED + SETTLED[:99]),
    _body("an array 100,000 deep", b"[" * _DEEP + b"]" * _DEEP, _UNSUPPORTED, command=("show",)),
    _body("objects 100,000 deep", b'{"a":' * _DEEP + b"1" + b"}" * _DEEP, _UNSUPPORTED),
    _body("an unknown field 100,000 deep", _with_field(b"[" * _DEEP + b"]" * _DEEP), _UNSUPPORTED),
    _body("100,000 brackets that never close", b"[" * _DEEP, _UNSUPPORTED),
    _body("a key twice", _with_field(b'"RUNNING"', b"status"), RECOVERED),
    _body("the same key 100,000 times", SETTLED[:-1] + b',"id":1' * _DEEP + b"}", RECOVERED),
    _body("100,000 unknown fields", _MANY_FIELDS, RECOVERED),
    _body("invalid UTF-8 in a string", _with_field(b'"\xff\xfe"')),
    _body("an overlong encoding in UTF-8", _with_field(b'"\xc0\xaf"')),
    _body("a surrogate in UTF-8", _with_field(b'"\xed\xa0\x80"')),
    _body("half a surrogate pair, escaped", _with_field(rb'"\ud83d"'), _UNSUPPORTED),
    _body("a surrogate pair, escaped", _with_field(rb'"\ud83d\ude00"'), RECOVERED),
    _body("a byte order mark", codecs.BOM_UTF8 + SETTLED),
    _body("UTF-16", SETTLED.decode().encode("utf-16-le")),
    _body("a NUL in a string", _with_field(b'"a\0b"')),
    _body("NaN in a counter", _instead(b"total_tests", b"NaN")),
    _body("Infinity in an unknown field", _with_field(b"-Infinity")),
    _counter("an integer of 5,000 digits", b"9" * 5000),
    _counter("1e400 in a counter", b"1e400"),
    _body("1e400 in an unknown field", _with_field(b"1e400"), RECOVERED),
    _body("an exponent of 100,000 digits", _with_field(b"1e" + b"9" * _DEEP), RECOVERED),
    _body("a number of 100,000 digits", _with_field(b"9" * _DEEP), RECOVERED),
    _body("a comment", SETTLED[:-1] + b"/* */}"),
    _body("a comma too many", SETTLED[:-1] + b",}"),
    _body("single quotes", SETTLED.replace(b'"', b"'")),
)
