"""The client's regular expressions, each with its worst input if it is applied to received text.

`python -m contract_tests.tests.structure.regexes` applies each regex to 256 KB of its worst input and then
prints the regex's name. A quadratic regex would need hours, so the process ends at a limit on CPU time, which
doesn't depend on the machine's load.
"""

import resource
from collections.abc import Callable

from bluejay_api.decoding import check_limits, parse
from bluejay_api.times import read_time
from bluejay_results import UsageError
from bluejay_results._secrets import Secret, without_signature, without_signatures
from bluejay_results.client.base import UNUSABLE_ID
from bluejay_results.errors import Violation
from bluejay_results.gate.reports.markdown import _PUNCTUATION
from bluejay_results.recording.exchange import resource_at
from bluejay_results.recording.har import is_har
from bluejay_results.report.conversations import is_link
from bluejay_results.results.aggregate import Aggregate
from bluejay_results.results.figures import figure_name
from bluejay_results.results.ids import USABLE_ID
from bluejay_results.results.outcome import normalized
from bluejay_results.results.valid_parts import by_item, without_indexes
from bluejay_results.writing.safe_text import safe_line, terminal_safe

SIZE = 1 << 18
CPU_SECONDS = 10
"""The limit for one regex, which is far more than a linear regex needs."""
KEY = "aaaaaaaa" * 4 + "b"
"""A key for the worst case: in a text that consists of `a`, its beginning matches at every position."""
SPACE = b" " * SIZE
TIME = "2026-11-19T16:04:00."


def _mask(*keys: str) -> None:
    for key in keys:
        hidden = (
            rf"\u00{ord(key[-1]):02x}{key}"  # otherwise, a quick search would find that the key is absent
        )
        for text in (
            "a" * SIZE,
            "a" + " " * SIZE,
            "a " * (SIZE // 2),
            "\\" * SIZE,
            "a\\" * (SIZE // 2),
            "a" + "\\" * SIZE,
        ):
            Secret(key).redact(text + hidden)


def _mask_documents(*strings: str) -> None:
    for each in strings:
        Secret(KEY).mask(f'{{"{KEY}": 1, "{each}": 2}}'.encode())
        Secret(KEY).mask(f'{{"{KEY}": 1, "{each}'.encode())


def _refused(call: Callable[[], object]) -> None:
    try:
        call()
    except (UsageError, ValueError):
        return
    raise AssertionError("this must be refused")


WORST: dict[str, Callable[[], object]] = {
    "decoding.py: _HALF_ESCAPE": lambda: check_limits(b"\\" * SIZE),
    "decoding.py: _WHOLE_ESCAPES": lambda: check_limits(rb"\ud83d\ude00" * (SIZE // 12)),
    "decoding.py: _QUOTE": lambda: parse(b'["' + rb"\"" * (SIZE // 2) + b'"]'),
    "decoding.py: _STRING": lambda: _refused(lambda: parse(b"[" * SIZE + b'"' + rb"\"" * (SIZE // 2))),
    "_secrets.py: _pattern": lambda: _mask("aaaaaab", KEY, rf"\\{KEY}", rf"a\\a\\{KEY}"),
    "_secrets.py: _traces": lambda: Secret(f"{KEY}/").mask(rb"\\u0061\/%61" * (SIZE // 11)),
    "_secrets.py: _traces #2": lambda: Secret(f"{KEY}/").mask(rb"\u005cu005cu0061%2561" * (SIZE // 22)),
    "_secrets.py: _STRING": lambda: _mask_documents("a" * SIZE, r"\"" * (SIZE // 2), f'a":1{" " * SIZE},"'),
    "results/valid_parts.py: by_item": lambda: by_item([Violation("$.a" + "[1" * (SIZE // 2), "")], "$.a"),
    "results/valid_parts.py: without_indexes": lambda: without_indexes("[1" * (SIZE // 2)),
    "recording/exchange.py: resource_at": lambda: resource_at(
        "https://a" + "/v1/retrieve-simulation-result/" * (SIZE // 31)
    ),
    "recording/exchange.py: resource_at #2": lambda: resource_at(
        "https://a/v1/retrieve-simulation-results/1?offset=" + "1" * SIZE
    ),
    "recording/har.py: _START": lambda: is_har(b" " * SIZE),
    "client/base.py: UNUSABLE_ID": lambda: UNUSABLE_ID.search("a" * SIZE),
    "results/ids.py: USABLE_ID": lambda: USABLE_ID.fullmatch("a" * SIZE),
    "_secrets.py: _CREDENTIALS": lambda: without_signatures("://a" * (SIZE // 4)),
    "_secrets.py: _AFTER_SCHEME": lambda: without_signatures("://" * (SIZE // 6) + r":\\/\\/" * (SIZE // 14)),
    "_secrets.py: _QUERY": lambda: without_signatures("://" + "?limit=1&offset=1" * (SIZE // 17) + "a"),
    "_secrets.py: _ANY_CREDENTIALS, _ANY_QUERY": lambda: without_signature("://" * SIZE + "?" * SIZE),
    "_secrets.py: _ANY_CREDENTIALS, _ANY_QUERY #2": lambda: without_signature("#://" * SIZE),
    "writing/safe_text.py: _ACTIVE": lambda: terminal_safe("\x1b" * SIZE),
    "_log_commands.py: _ANYWHERE": lambda: terminal_safe("##a" * (SIZE // 3) + "##" + "a" * SIZE),
    "_log_commands.py: _AT_THE_START": lambda: safe_line(" " * SIZE),
    "results/figures.py: _UNQUOTED": lambda: figure_name(Aggregate.MEAN, "a" * SIZE + " ", is_metric=True),
    "gate/reports/markdown.py: _PUNCTUATION": lambda: _PUNCTUATION.sub("", "#" * SIZE),
    "report/conversations.py: _LINK": lambda: is_link("https://a/" + "a" * SIZE + " "),
    "results/outcome.py: normalized": lambda: normalized("a" + " _" * (SIZE // 2)),
    "times.py: _DATE_TIME": lambda: _refused(lambda: read_time(str, TIME + "1" * SIZE + "x")),
}


def main() -> None:
    """Apply each regex to its worst input, and then print the regex's name."""
    for name, apply in WORST.items():
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        apply()
        print(name, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
