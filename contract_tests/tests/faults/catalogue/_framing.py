"""HTTP that contradicts its own headers, or data that is not HTTP."""

from bluejay_results import ConnectionFailedError, ContractViolationError, UnexpectedStatusError

from .._call import Options
from .._http import HTML, JSON, SETTLED, chunk, chunked, head, response
from .._row import DEFAULT, RECOVERED, TWO_POLLS, Ends, Row, fails
from .._scripts import endless, ends_after

_FAILS = fails(ConnectionFailedError, passes=True)
_BROKEN = fails(ContractViolationError, 200)
_LENGTH = f"Content-Length: {len(SETTLED)}"
_CHUNKED = head(JSON, "Transfer-Encoding: chunked")
_BOTH = head(JSON, _LENGTH, "Transfer-Encoding: chunked") + chunk(SETTLED) + chunk(b"")
_OK = b"HTTP/1.1 200 OK\r\n"


def _answers(name: str, answer: bytes, ends: Ends = _FAILS, options: Options = DEFAULT) -> Row:
    return Row(name, ends_after(answer), ends, options)


def _length(value: object) -> bytes:
    return head(JSON, f"Content-Length: {value}") + SETTLED


FRAMING = (
    _answers("a length that is too large", _length(len(SETTLED) + 1)),
    _answers("a length that is too small", _length(len(SETTLED) - 1), _BROKEN),
    _answers("a length of 0 before a body", _length(0), _BROKEN),
    _answers("a negative length", _length(-1)),
    _answers("a length that is not a number", _length("all")),
    _answers("a length of 400 digits", _length("9" * 400)),
    _answers("two lengths that differ", head(JSON, _LENGTH, "Content-Length: 7") + SETTLED),
    _answers("two lengths that agree", head(JSON, _LENGTH, _LENGTH) + SETTLED, RECOVERED),
    _answers("a length and chunks", _BOTH, RECOVERED),
    _answers("neither a length nor chunks, then closed", head(JSON) + SETTLED, RECOVERED),
    _answers("chunks, to compare", chunked(SETTLED), RECOVERED),
    _answers("a chunk whose size is not a number", _CHUNKED + b"zz\r\n" + SETTLED),
    _answers("a chunk of a negative size", _CHUNKED + b"-5\r\n" + SETTLED),
    _answers("a chunk longer than its size", _CHUNKED + b"5\r\n" + SETTLED),
    _answers("no last chunk", _CHUNKED + chunk(SETTLED)),
    _answers("an unknown transfer encoding", head(JSON, "Transfer-Encoding: cipher") + SETTLED),
    Row("a chunk size without end", endless(_CHUNKED, b"1" * 1000), _FAILS),
    Row("a header without end", endless(_OK + b"X-Long: ", b"x" * 4096), _FAILS),
    Row("headers without end", endless(_OK, b"X-More: 1\r\n" * 400), _FAILS, command=TWO_POLLS),
    Row("a status line without end", endless(b"HTTP/1.1 200 ", b"x" * 4096), _FAILS),
    _answers("an empty response", response(b""), _BROKEN),
    _answers("a status line of garbage", b"\x00\xff\xfe garbage\r\n\r\n"),
    _answers("the body without a head", SETTLED),
    _answers("another protocol", b"220 mail.invalid ESMTP\r\n"),
    _answers("HTTP/2 although HTTP/1.1 was requested", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)),
    _answers("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n"),
    _answers("a status that is not a number", b"HTTP/1.1 abc OK\r\n\r\n"),
    _answers("a header without a colon", head(JSON, _LENGTH, "nonsense") + SETTLED),
    _answers("a NUL in a header", head(JSON, _LENGTH, "X-Nul: a\0b") + SETTLED),
    _answers("Latin-1 in a header", head(JSON, _LENGTH, "X-Name: caf\xe9") + SETTLED, RECOVERED),
    _answers("101 Switching Protocols", head("Upgrade: websocket", "Connection: upgrade", status=101)),
    _answers("204 No Content", head(status=204), fails(UnexpectedStatusError, 204)),
    _answers("304 Not Modified", head(status=304), fails(UnexpectedStatusError, 304)),
    _answers("HTML under 200", response(b"<html>Sign in</html>", media_type=HTML), _BROKEN),
)
