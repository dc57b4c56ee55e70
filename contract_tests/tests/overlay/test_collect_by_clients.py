"""What clients do with a response that breaks the contract: raise an error, or keep the valid parts."""

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ConfigurationError, ContractViolationError, WaitTimeoutError

from .. import builders
from .conftest import Reader


@pytest.mark.parametrize("call", ["retrieve", "wait"])
def test_an_unknown_value_of_on_violation_is_refused_before_any_request(
    reader: Reader, stub: Stub, call: str
) -> None:
    with pytest.raises(ConfigurationError, match="on_violation"):
        getattr(reader, call)("r", on_violation="ignore")
    assert stub.requests == []


@pytest.mark.parametrize("call", ["retrieve", "wait"])
def test_a_client_collects_the_valid_parts_of_a_body(reader: Reader, stub: Stub, call: str) -> None:
    body = builders.encoded(builders.response(builders.result(), summary=5))
    stub.serve("r", Answer(body=body))
    run = getattr(reader, call)("r", on_violation="collect")
    assert [violation.path for violation in run.violations] == ["$.simulation_run.summary"]
    assert run.id == "48213"
    assert run.raw == body


def test_a_wait_timeout_counts_the_violations(reader: Reader, stub: Stub) -> None:
    stub.serve("r", Answer.json(builders.response(None)))  # type: ignore[arg-type]  # the fault
    with pytest.raises(WaitTimeoutError, match="last seen COMPLETED, violations of the contract: 1"):
        reader.wait("r", timeout=60, on_violation="collect")


def test_a_key_that_the_server_sends_back_in_an_invalid_value_is_masked(reader: Reader, stub: Stub) -> None:
    stub.serve("r", Answer.json(builders.response(created_at="test-key")))
    with pytest.raises(ContractViolationError, match='got "<redacted>"'):
        reader.retrieve("r")
    (violation,) = reader.retrieve("r", on_violation="collect").violations
    assert violation.path == "$.simulation_run.created_at"
    assert violation.message[-16:] == 'got "<redacted>"'
