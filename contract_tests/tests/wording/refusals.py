"""What each command says about wrong usage and bad input: one line, with the exit code before it.

Below it is what else the command did: other lines, files that it changed, and requests after a mistake.
"""

from collections.abc import Iterator
from unittest.mock import patch

from bluejay_contract.stub import Answer
from bluejay_results.cli.exit_codes import ExitCode

from .layout import printable
from .scene import Scene, scene

RESULTS = """
bluejay-results
bluejay-results shw 48213
bluejay-results show
bluejay-results show 48213 canary-6f2e91
bluejay-results show 48213 --api-key=canary-6f2e91
bluejay-results wait 48213 --timeout
bluejay-results wait 48213 --timeout soon
bluejay-results wait 48213 --tool-call-grace -1
bluejay-results wait page.json
bluejay-results show 48213 --all --json
bluejay-results show 48213 --result 7
bluejay-results show --result 99
bluejay-results show --result .
bluejay-results runs 731 --since 7d
bluejay-results runs 731 --last 0
bluejay-results runs 999
bluejay-results runs https://a/b
bluejay-results runs passed.json
BLUEJAY_LOG=loud bluejay-results show 48213
BLUEJAY_API_KEY= bluejay-results show 48213
BLUEJAY_API_KEY_FILE=/x bluejay-results show 48213
BLUEJAY_API_KEY='a b' bluejay-results show 48213
BLUEJAY_API_KEY='"ab"' bluejay-results show 48213
BLUEJAY_API_KEY=other bluejay-results show 48213
bluejay-results show 48213 --api-key-file /missing
bluejay-results show 48213 --api-key-file /dev/null
bluejay-results show 48213 --api-key-file /dev/zero
bluejay-results show 1 --base-url a:80/v1
BLUEJAY_API_URL=ftp://x bluejay-results show 1
bluejay-results show 1 --base-url http://127.0.0.1:9
bluejay-results show \udcff
bluejay-results show canary-6f2e91
bluejay-results show 99999
bluejay-results show missing.json
bluejay-results show \x1b[2J.json
bluejay-results show ./
bluejay-results show /dev/zero
bluejay-results show empty.json
bluejay-results show other.json
bluejay-results show page.json
bluejay-results show huge.json
bluejay-results show view.json
bluejay-results show cut.har
bluejay-results show none.har
bluejay-results show rejected
bluejay-results show down
bluejay-results show html
bluejay-results show wrong-type
bluejay-results show echo
bluejay-results show other
bluejay-results wait other
bluejay-results show 48213 --har=
bluejay-results wait 48213 --har /proc/x/run.har
bluejay-results gate run.har --har run.har
bluejay-results show 1 --har x.har --api-key-file x.har
bluejay-results gate ''
bluejay-results gate
bluejay-results gate passed.json --queue 731
bluejay-results gate passed.json --agent-version x
bluejay-results gate --queue 731 --min-pass-rate 80%
bluejay-results gate --queue 731 --min-pass-rate 0.8
bluejay-results gate --queue 731 --max-void 101
bluejay-results gate --queue 731 --min-conversations 1.5
bluejay-results gate --queue 731 --require=
bluejay-results gate --queue 731 --require 'rate(x) >= 95'
bluejay-results gate --queue 731 --require 'rate(x) >= 101 %'
bluejay-results gate --queue 731 --require 'rate(latency.p95) >= 5 %'
bluejay-results gate --queue 731 --require 'mean(hallucination) >= 5'
bluejay-results gate --queue 731 --require 'p90(duration) <= 9'
bluejay-results gate --queue 731 --require 'mean(x) <= 9 ms'
bluejay-results gate --queue 731 --require 'mean(x) >= 4' --require 'mean(x) >= 4.0'
bluejay-results gate --queue 731 --latency-unit min
bluejay-results gate --queue 731 --config none.toml
bluejay-results gate --queue 731 --config unknown.toml
bluejay-results gate --queue 731 --config elsewhere.toml
bluejay-results gate --queue 731 --config broken.toml
bluejay-results gate passed.json --junit passed.json/gate.xml
bluejay-results gate passed.json --junit passed.json
bluejay-results gate passed.json --junit a.xml --comment ./a.xml
bluejay-results gate passed.json --json --junit -
bluejay-results gate --queue 731 --junit key --api-key-file key
bluejay-results gate passed.json --junit rules.toml --config rules.toml
GITHUB_STEP_SUMMARY=summary.md bluejay-results gate passed.json --comment summary.md
bluejay-results gate passed.json --comment=
bluejay-results gate passed.json --junit /dev/fd/99
bluejay-results gate passed.json --junit /dev/full
bluejay-results gate 48213 --har x.xml --junit x.xml
bluejay-results queue
bluejay-results queue canary-6f2e91
bluejay-results queue 731 --agent-version 7
bluejay-results queue 731 --with '{"sip_uri": 7}'
bluejay-results queue 731 --with '{"a": 1}'
bluejay-results queue 731 --digital-human 5 --with '{"digital_human_ids": ["6"]}'
bluejay-results queue 731 --with '{a'
bluejay-results queue 731 --with '[]'
bluejay-results compare passed.json
bluejay-results compare passed.json passed.json
bluejay-results compare - -
bluejay-results report 48213
bluejay-results report -o page.html
bluejay-results report 48213 --last 3 -o page.html
bluejay-results report 48213 48221 --har x.har -o page.html
bluejay-results report passed.json -o passed.json
bluejay-results report 48213 --config rules.toml -o rules.toml
bluejay-results export 48213
bluejay-results export -o out
bluejay-results export 48213 -o passed.json --format csv
bluejay-results export 48213 -o out --format xlsx
bluejay-results export nothing -o out --format csv
bluejay-results export 48213 --last 3 -o out --format csv
bluejay-results export 48213 -o out --format csv --resume
bluejay-results export 48213 -o nothing/.. --format csv
bluejay-results export passed.json --dask tcp://127.0.0.1:1 -o out
bluejay-results export 48213 -o out --format csv --concurrency 0
"""

CONTRACT = """
bluejay-contract check
bluejay-contract check missing.json
bluejay-contract check passed.json --junit no/x.xml
BLUEJAY_API_KEY= bluejay-contract check 48213
bluejay-contract check 99999
bluejay-contract check 48213 --base-url http://127.0.0.1:9
bluejay-contract live 48213 --pause -1
bluejay-contract stub --port 70000
"""

KIT = """
contract-kit prove --exec true
contract-kit prove orders.yaml
contract-kit prove orders.yaml --exec true --refuses client:RefusedError
contract-kit prove orders.yaml --exec '"'
contract-kit prove orders.yaml --exec=
contract-kit prove orders.yaml --worker no-such-program
contract-kit prove orders.yaml --worker true
contract-kit prove missing.yaml --exec true
contract-kit prove orders.yaml --exec true --operation getOrdr
contract-kit prove orders.yaml --exec true --sample 0
contract-kit prove orders.yaml --exec true --timeout nan
contract-kit prove orders.yaml --exec true --baseline missing.json
contract-kit prove orders.yaml --exec true --baseline old.json
contract-kit prove orders.yaml --exec true --json no/where.json
contract-kit prove orders.yaml --client client:two
contract-kit prove orders.yaml --client client:none
contract-kit prove orders.yaml --client nowhere:call
contract-kit diff orders.yaml new.yaml --operation getOrders
contract-kit diff orders.yaml ./orders.yaml
contract-kit diff orders.yaml bracket.yaml
contract-kit diff orders.yaml swagger.yaml
contract-kit diff orders.yaml pathless.yaml
contract-kit diff orders.yaml other.json
contract-kit shim cobol
"""


def refusals() -> Iterator[str]:
    """Yield the exit code, the command line and what the command says about it."""
    with scene() as run:
        (run.folder / "view.json").write_bytes(run("bluejay-results show passed.json --json").out)
        for line in f"{RESULTS}{CONTRACT}{KIT}".strip().splitlines():
            if line:
                yield from _said(run, line)
        yield from _accidents(run)


SLEEP, QUEUE = "bluejay_results.Clock.sleep", "bluejay_results.BluejayClient.queue"
INTERRUPTED = (
    ("between polls", SLEEP, "bluejay-results wait 48214"),
    ("after queueing", SLEEP, "bluejay-results gate --queue 733"),
    ("while queueing", QUEUE, "bluejay-results queue 733"),
)
"""When Ctrl-C is pressed, the function that raises, and the command line."""


def _accidents(run: Scene) -> Iterator[str]:
    for when, function, line in INTERRUPTED:
        with patch(function, side_effect=KeyboardInterrupt):
            yield from _said(run, line, f"Ctrl-C {when}: ")
    with patch("bluejay_results.cli.source.bounded", side_effect=MemoryError):
        yield from _said(run, "bluejay-results show passed.json", "too little memory: ")
    for status, body in ((503, b""), (200, b"<html>")):
        run.stub.serve_queue(Answer(body, status))
        yield from _said(run, "bluejay-results queue 731", f"{status}: ")


def _said(run: Scene, line: str, when: str = "") -> Iterator[str]:
    before = run.files()
    sent = len(run.stub.requests)
    ended = run(line)
    *others, last = ended.errors or [""]
    yield printable(f"{ended.code} {when}{line} => {last.partition(': ')[2]}")
    yield from (f"  also on stderr: {printable(each)}" for each in others)
    yield from (f"  on stdout: {printable(each)}" for each in ended.lines)
    if ended.code == ExitCode.USAGE:  # a mistake changes no file, and only a conversation's id is asked for
        yield from (
            f"  changed {name}" for name in sorted({name for name, _ in before.items() ^ run.files().items()})
        )
        yield from (f"  sent {each.method} {each.path}" for each in run.stub.requests[sent:])
