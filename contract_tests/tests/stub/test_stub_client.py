"""Clients and commands that read from a stub, whatever the environment says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

ELSEWHERE = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "BLUEJAY_API_URL": "http://127.0.0.1:9",
    "BLUEJAY_API_KEY_FILE": "/dev/null",
}


@pytest.fixture(autouse=True)
def _settings_for_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)


def test_a_stubs_client_reads_from_the_stub() -> None:
    with Stub(api_key="other-key") as stub, stub.client(retries=0) as client:
        assert client.retrieve("48213").is_settled


def test_making_a_client_leaves_the_environment_as_it_was(bluejay_stub: Stub) -> None:
    before = dict(os.environ)
    bluejay_stub.client().close()
    assert dict(os.environ) == before


@pytest.mark.usefixtures("bluejay_stub_env")
def test_the_fixture_points_the_command_to_the_stub() -> None:
    command = Path(sys.executable).with_name("bluejay-results")
    assert subprocess.run([command, "show", "48213"], capture_output=True, check=False).returncode == 0
