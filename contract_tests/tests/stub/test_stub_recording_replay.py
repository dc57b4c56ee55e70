"""`serve_recording`: the stub answers as the service did."""

import gzip
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results.writing.view import view

from .. import builders

GRACE = 0.1  # seconds


@pytest.mark.parametrize("name", ["advancing", "late_tools", "gaps"])
def test_a_client_reads_the_run_that_was_recorded(stub: Stub, har: Path, name: str) -> None:
    with stub.client() as client:
        recorded = client.wait(SCENARIOS[name].run_id, poll_interval=0.01, tool_call_grace=GRACE)
        recorded.save(har)
        stub.reset()
        run_id = stub.serve_recording(har)
        again = client.wait(run_id, poll_interval=0.01, tool_call_grace=GRACE)
    assert run_id == SCENARIOS[name].run_id
    assert view(again) == view(recorded)


def test_each_answer_is_served_with_its_status_body_and_date(stub: Stub, har: Path) -> None:
    yesterday = "Wed, 25 Nov 2026 08:00:00 GMT"
    body = builders.encoded(builders.response())
    packed = {"content-type": "application/json", "content-encoding": "gzip"}
    stub.serve("48213", Answer(gzip.compress(body), headers=packed, date=yesterday))
    with stub.client() as client:
        client.retrieve("48213").save(har)
        stub.reset()
        stub.serve_recording(har)
        again = client.retrieve("48213")
    assert [each.body for each in again.responses] == [body]
    assert again.responses[0].headers["date"] == yesterday


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (builders.encoded({"log": {"entries": []}}), "has 0 runs; a recording has one"),
        (builders.encoded(builders.response()), "This isn't valid HAR: it has no 'log'"),
    ],
)
def test_a_file_that_is_not_a_recording_of_one_run_is_refused(
    stub: Stub, har: Path, data: bytes, says: str
) -> None:
    har.write_bytes(data)
    with pytest.raises(ValueError, match=says):
        stub.serve_recording(har)
