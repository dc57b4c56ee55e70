"""Tokens that often break readers of JSON, times, statuses and markup."""

from collections.abc import Sequence
from typing import Any

_NUMBERS = rb"""
0 -0 -1 1.5 81.0 8.1e1 1e22 1e308 1e309 -1e999 5e-324 1e-999 0.1 00 01 +1 .5 1. 1e 0x10 1_0
9223372036854775807 9223372036854775808 18446744073709551616 -9223372036854775809 9007199254740993
123456789012345678901234567890.5 NaN Infinity -Infinity undefined true false null
[] {} [[]] [{}] {}{} [null]
""".split()
_LONG = (b"9" * 400, b"9" * 4301, b"1" + b"0" * 5000 + b".0", b"0." + b"3" * 2000, b'"' + b"A" * 3000 + b'"')
_WORDS = rb"""
"" "\u0000" "\ud83d" "\ud83d\ude00" "\udc00\ud800" "\u202egnp.exe" "\u001b[31mred\u001b[0m\u0007"
"\u2028\u2029\u0085" "[bold]x[/bold][/]" "[link=file:///etc/passwd]x[/link]"
"https://user:pass@host/x?X-Amz-Signature=abcdef123456#f" "://?#@" "\"\\\/\b\f\n\r\t" "\x" "\u12"
"COMPLETED" "RUNNING" "Canceled" "call-dropped" "OUT_OF_FUNDS" "EVALUATING" "transcribing" "PAUSED" "1"
"2026-11-19T16:04:00" "2026-11-19t16:04:00.1234567891z" "2016-12-31T23:59:60Z"
"2016-12-31T18:29:60-05:30" "9999-12-31T23:59:59-23:59" "0001-01-01T00:00:00+23:59"
"0000-01-01T00:00:00Z" "2026-02-30T00:00:00Z" "2026-11-19T24:00:00Z"
"\uff12\uff10\uff12\uff16-11-19T16:04:00Z"
""".split()
_TEXTS = (b'" "', b'"{0.__class__} %s %(x)d ${HOME}"', b'"completed "', b'"No Answer"')
_SCRIPTS = '"ÅÅ日本語👩‍👩‍👧"'.encode()
_KEYS = rb"""
"id" "status" "simulation_run" "simulation_results" "evaluations" "tool_calls" "expected" "actual" "name"
"latency" "created_at" "goal_success" "tests_passed" "total_tests" "custom_metrics" "events"
"self" "" "__class__" "__init__" "class" "a.b" "[0]"
""".split()
_RAW = (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf")
_MARKS = (b"//x\n", b"'", b",", b",,", b"}", b"]", b"{", b"[", b":", b'"', b"\\", b"\\u", b"\r\n")
_CONTROLS = (b"\x00", b"\x1f", b"\xa0")

TOKENS: Sequence[bytes] = (*_NUMBERS, *_LONG, *_WORDS, *_TEXTS, _SCRIPTS, *_KEYS, *_RAW, *_MARKS, *_CONTROLS)
"""Tokens that replace a name or a value, or are inserted between two bytes."""

VALUES: Sequence[Any] = (
    *(None, True, 0, -1, 81.0, 2**63, 2**64, 1e308, "", "RUNNING", "x" * 500),
    *([], {}, [None], [{}], {"a": []}),
)
"""Values that replace a part of a document."""
