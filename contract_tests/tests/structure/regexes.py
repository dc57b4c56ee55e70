"""The client's regular expressions, each with its worst input if it is applied to received text.

`python -m contract_tests.tests.structure.regexes` applies each regex to 1 MB of its worst input and then
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

MB = 1 << 20
CPU_SECONDS = 20
"""The limit for one regex, which is far more than a linear regex needs for 1 MB."""
KEY = "aaaaaaaa" * 4 + "b"
"""A key for the worst case: in a text that consists of `a`, its beginning matches at every position."""
SPACE = b" " * MB
TIME = "2026-11-19T16:04:00."


def _mask(*keys: str) -> None:
    for key in keys:
        hidden = (
            rf"\u00{ord(key[-1]):02x}{key}"  # otherwise, a quick search would find that the key is absent
        )
        for text in (
            "a" * MB,
            "a" + " " * MB,
            "a " * (MB // 2),
            "\\" * MB,
            "a\\" * (MB // 2),
            "a" + "\\" * MB,
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
    "decoding.py: _HALF_ESCAPE": lambda: check_limits(b"\\" * MB),
    "decoding.py: _WHOLE_ESCAPES": lambda: check_limits(rb"\ud83d\ude00" * (MB // 12)),
    "decoding.py: _QUOTE": lambda: parse(b'["' + rb"\"" * (MB // 2) + b'"]'),
    "decoding.py: _STRING": lambda: _refused(lambda: parse(b"[" * MB + b'"' + rb"\"" * (MB // 2))),
    "_secrets.py: _pattern": lambda: _mask("aaaaaab", KEY, rf"\\{KEY}", rf"a\\a\\{KEY}"),
    "_secrets.py: _traces": lambda: Secret(f"{KEY}/").mask(rb"\\u0061\/%61" * (MB // 11)),
    "_secrets.py: _traces #2": lambda: Secret(f"{KEY}/").mask(rb"\u005cu005cu0061%2561" * (MB // 22)),
    "_secrets.py: _STRING": lambda: _mask_documents("a" * MB, r"\"" * (MB // 2), f'a":1{" " * MB},"'),
    "results/valid_parts.py: by_item": lambda: by_item([Violation("$.a" + "[1" * (MB // 2), "")], "$.a"),
    "results/valid_parts.py: without_indexes": lambda: without_indexes("[1" * (MB // 2)),
    "recording/exchange.py: resource_at": lambda: resource_at(
        "https://a" + "/v1/retrieve-simulation-result/" * (MB // 31)
    ),
    "recording/exchange.py: resource_at #2": lambda: resource_at(
        "https://a/v1/retrieve-simulation-results/1?offset=" + "1" * MB
    ),
    "recording/har.py: _START": lambda: is_har(b" " * MB),
    "client/base.py: UNUSABLE_ID": lambda: UNUSABLE_ID.search("a" * MB),
    "results/ids.py: USABLE_ID": lambda: USABLE_ID.fullmatch("a" * MB),
    "_secrets.py: _CREDENTIALS": lambda: without_signatures("://a" * (MB // 4)),
    "_secrets.py: _AFTER_SCHEME": lambda: without_signatures("://" * (MB // 6) + r":\\/\\/" * (MB // 14)),
    "_secrets.py: _QUERY": lambda: without_signatures("://" + "?limit=1&offset=1" * (MB // 17) + "a"),
    "_secrets.py: _ANY_CREDENTIALS, _ANY_QUERY": lambda: without_signature("://" * MB + "?" * MB),
    "_secrets.py: _ANY_CREDENTIALS, _ANY_QUERY #2": lambda: without_signature("#://" * MB),
    "writing/safe_text.py: _ACTIVE": lambda: terminal_safe("\x1b" * MB),
    "_log_commands.py: _ANYWHERE": lambda: terminal_safe("##a" * (MB // 3) + "##" + "a" * MB),
    "_log_commands.py: _AT_THE_START": lambda: safe_line(" " * MB),
    "results/figures.py: _UNQUOTED": lambda: figure_name(Aggregate.MEAN, "a" * MB + " ", is_metric=True),
    "gate/reports/markdown.py: _PUNCTUATION": lambda: _PUNCTUATION.sub("", "#" * MB),
    "report/conversations.py: _LINK": lambda: is_link("https://a/" + "a" * MB + " "),
    "results/outcome.py: normalized": lambda: normalized("a" + " _" * (MB // 2)),
    "times.py: _DATE_TIME": lambda: _refused(lambda: read_time(str, TIME + "1" * MB + "x")),
}
NOT_RECEIVED = {
    "_secrets.py: _pattern #2",
    "_secrets.py: _spellings",
    "client/config.py: _checked_key",
    "client/config.py: _checked_key #2",
    "client/config.py: _checked_key #3",
    "client/config.py: _checked_organization",
    "client/config.py: _checked_url",
    "cli/command.py: format_epilog",
    "results/app_url.py: _RUN",
    "results/app_url.py: _SIMULATION",
    "results/app_url.py: _id_in",
    "gate/rule_syntax.py: _RULE",
    "cli/command.py: parse_args",
    "cli/rules.py: _NUMBER",
    "cli/rules.py: _is_near",
    "gate/rules.py: _DIGITS",
    "cli/gate_outputs.py: _NAME",
    "cli/queue.py: request",
}
"""Regexes applied not to received text but to keys, settings, arguments and our own help."""


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
