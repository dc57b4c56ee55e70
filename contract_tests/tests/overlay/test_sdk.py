"""The organization and the log."""

import re

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import BluejayError

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from .conftest import MakeReader, Reader


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "bluejay_results")


def test_the_log_has_one_line_per_request_and_per_retry(
    reader: Reader, caplog: pytest.LogCaptureFixture, stub: Stub
) -> None:
    away = Answer(b"", status=503, headers={"retry-after": "7"})
    stub.serve("48213", away, away, Answer.json(builders.response(builders.result())))
    reader.retrieve("48213")
    lines = [each.message for each in caplog.records if each.name.startswith("bluejay_results")]
    url = f"{stub.url}/v1/retrieve-simulation-results/48213?limit=100&offset=0"
    requests = [
        re.fullmatch(rf"GET {re.escape(url)}: (\d+), .*, request id (\S+) in \d+\.\d{{3}} s", each)
        for each in lines[::2]
    ]
    assert [each and each.groups() for each in requests] == [
        ("503", "req-1"),
        ("503", "req-2"),
        ("200", "req-3"),
    ]
    assert [re.findall(r"\d+(?:\.\d)?(?= s| failed|: )", each) for each in lines[1::2]] == [
        ["1", "7.0", "48213", "503"],
        ["2", "7.0", "48213", "503"],
    ]


def test_the_log_escapes_terminal_commands(make_reader: MakeReader, caplog: pytest.LogCaptureFixture) -> None:
    body = builders.encoded({"detail": "a\x1b[31m"})
    answer = response(body, "x-request-id: a\x1b]8;;b\x07", "retry-after: 0", status=503)
    with FaultServer(answers(answer)) as server, pytest.raises(BluejayError):
        make_reader(base_url=server.url, retries=1).retrieve("48213")
    lines = [each.message for each in caplog.records if each.name.startswith("bluejay_results")]
    assert len([each for each in lines if "request id a\\x1b]8;;b\\x07 in " in each]) == 2
    assert [each for each in lines if each.endswith(": a\\x1b[31m")]
    assert [each for each in lines if "\x1b" in each] == []
