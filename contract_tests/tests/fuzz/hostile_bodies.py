"""A Hypothesis strategy for hostile bodies: valid bodies with changed values and bytes."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bluejay_contract.stub import SCENARIOS
from hypothesis import strategies as st

from ..invalid_bodies import changed

_LONGEST_EDIT = 400
_SCALAR = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null')
_TOKENS = rb"""
-0 8.1e1 1e22 1e309 -1e999 5e-324 1e-999 00 +1 .5 1. 1e 0x10 1_0 9223372036854775808 18446744073709551616
123456789012345678901234567890.5 NaN -Infinity undefined true null [] {} {}{} [null] ' , } ] { [ : " \ \u
"" "\u0000" "\ud83d" "\ud83d\ude00" "\udc00\ud800" "\u202egnp.exe" "\u001b[31mred\u0007" "\u2028\u0085"
"[bold]x[/bold][/]" "https://user:pass@host/x?X-Amz-Signature=ab#f" "://?#@" "\"\\\/\b\n" "\x" "\u12"
"COMPLETED" "RUNNING" "Canceled" "call-dropped" "OUT_OF_FUNDS" "EVALUATING" "completed\u0020" "PAUSED"
"2016-12-31T18:29:60-05:30" "9999-12-31T23:59:59-23:59" "0001-01-01T00:00:00+23:59"
"0000-01-01T00:00:00Z" "2026-11-19T24:00:00Z" "\uff12\uff10\uff12\uff16-11-19T16:04:00Z"
"id" "status" "simulation_run" "evaluations" "created_at" "self" "__class__" "" "a.b" "[0]"
""".split()
_LONG = [b"9" * 4301, b"1" + b"0" * 5000 + b".0", b"0." + b"3" * 2000, b'"' + b"A" * 3000 + b'"']
_RAW = [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"\x00", b"\x1f", b"//x\n"]
_TEXTS = st.sampled_from([*_TOKENS, *_LONG, *_RAW]) | st.binary(max_size=4)
_BRACKETS = st.sampled_from([(b"[", b"]"), (b'{"a":', b"}")])
_IS_SCALAR = st.sampled_from([True, True, True, False])
_EDITS = st.sampled_from([0, 0, 0, 1, 1, 2])
_DEPTHS = st.sampled_from([3, 300, 900, 990, 1100, 5000])


def _sound() -> Iterator[Any]:
    """Yield valid bodies: the stub's runs, cut to one conversation, conversations by id, and a queued run."""
    queued = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "7"}
    for document in (json.loads(body) for each in SCENARIOS.values() for body in each.bodies[:1]):
        for number, result in enumerate((document.get("simulation_results") or [])[:20]):
            yield document | {"simulation_results": [result]}
            if number % 4 == 0:
                yield {"simulation_result": result, "status": "200"}
        yield queued


_SOUND = st.sampled_from(list(_sound()))


@st.composite
def hostile_bodies(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a valid body, with up to three changes to its values, then to its bytes."""
    document = draw(_SOUND)
    for _ in range(draw(st.integers(0, 3))):
        document = changed(draw, document)
    body = json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for _ in range(draw(_EDITS)):
        body = _edited(draw, body)
    return body


def _edited(draw: st.DrawFn, body: bytes) -> bytes:
    """Replace a name, a value or other bytes with hostile text, repeat or nest them, or cut the body."""
    scalars = [match.span() for match in _SCALAR.finditer(body)]
    if draw(_IS_SCALAR) and scalars:
        start, end = draw(st.sampled_from(scalars))
    else:
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, _LONGEST_EDIT))
    replaced = body[start:end]
    match draw(st.sampled_from(["text", "repeat", "nest", "end"])):
        case "text":
            made = draw(_TEXTS)
        case "repeat":
            made = replaced * draw(st.integers(0, 10))
        case "nest":
            depth, (opening, closing) = draw(_DEPTHS), draw(_BRACKETS)
            made = opening * depth + replaced + closing * depth
        case _:
            return body[:start]
    return body[:start] + made + body[end:]
