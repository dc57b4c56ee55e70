"""The option --organization: every command that reads runs or conversations sends it, and only with these."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from bluejay_contract.stub import Stub

from .command import CANARY, InProcess

QUICKLY = "--poll-interval 0.05 --timeout 60"


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A new stub for each test; its queued runs end soon."""
    with Stub(api_key=CANARY, queued_run_seconds=0.2) as running:
        yield running


def _sent(stub: Stub) -> set[tuple[str | None, str | None]]:
    return {(each.operation, each.headers.get("x-organization-id")) for each in stub.requests}


@pytest.mark.parametrize(
    "arguments",
    [
        "show 48213",
        "show --result 482130001",
        "wait 48213",
        "gate 48213",
        f"gate --queue 733 {QUICKLY}",
        f"queue 733 --wait {QUICKLY}",
        "compare 48213 48213",
        "report 48213 -o page.html",
        "report --simulation 731 -o page.html",
        "export 48213 -o tables --format csv",
        "export --simulation 731 -o tables --format csv",
    ],
)
def test_a_command_sends_the_organization_only_when_it_reads_a_run_or_a_conversation(
    stub: Stub, tmp_path: Path, arguments: str
) -> None:
    InProcess(stub.url)(*arguments.split(), "--organization", "org-7", cwd=tmp_path)
    reads = {(operation, "org-7") for operation in (RESULTS, RESULT)}
    assert _sent(stub) & reads
    assert _sent(stub) - reads <= {(QUEUE, None), (RUNS, None)}


def test_the_option_overrides_the_variable(stub: Stub) -> None:
    command, variable = InProcess(stub.url), {"BLUEJAY_ORGANIZATION_ID": "org-8"}
    command("show", "48213", environment=variable)
    command("show", "48213", "--organization", "org-7", environment=variable)
    assert [each.headers["x-organization-id"] for each in stub.requests] == ["org-8", "org-7"]
