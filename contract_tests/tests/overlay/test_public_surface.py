"""What the package offers, and tables that must be complete."""

import inspect
import subprocess
import sys
from http import HTTPStatus

import bluejay_results
import pytest
from bluejay_contract.contract import Contract
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    ResponseError,
    UnexpectedStatusError,
    errors,
)
from bluejay_results._call import ERROR_BY_STATUS
from bluejay_results.status import RETRIED_STATUSES


def test_all_that_is_offered_exists() -> None:
    assert [name for name in bluejay_results.__all__ if not hasattr(bluejay_results, name)] == []


def test_every_error_is_offered() -> None:
    tree = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert tree <= set(bluejay_results.__all__)


def test_every_error_is_drawn_in_the_tree() -> None:
    drawn = errors.__doc__ or ""
    kinds = [
        value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, BluejayError)
    ]
    assert [kind.__name__ for kind in kinds if f"{kind.__name__} " not in drawn.replace("\n", " ")] == []


def test_a_violation_without_a_place_is_of_the_whole_body() -> None:
    assert errors.ContractViolationError("no").path == "$"


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        bluejay_results.Nothing  # type: ignore[attr-defined]  # noqa: B018 - the look-up is the test


def test_every_documented_error_status_has_an_error_of_its_own() -> None:
    documented = [status for status in Contract.load().statuses if status != 200]
    assert [status for status in documented if status not in ERROR_BY_STATUS] == []


def test_every_retried_status_has_an_error_of_its_own() -> None:
    assert ERROR_BY_STATUS.keys() >= RETRIED_STATUSES


def test_every_standard_server_error_is_one() -> None:
    standard = {status.value for status in HTTPStatus if status >= 500}
    assert standard <= ERROR_BY_STATUS.keys()


def test_no_error_status_maps_to_the_error_for_all_others() -> None:
    assert all(issubclass(kind, ResponseError) for kind, _ in ERROR_BY_STATUS.values())
    assert UnexpectedStatusError not in {kind for kind, _ in ERROR_BY_STATUS.values()}


@pytest.mark.parametrize("method", ["__init__", "retrieve", "wait"])
def test_both_clients_take_the_same_arguments(method: str) -> None:
    sync, other = (inspect.signature(getattr(kind, method)) for kind in (BluejayClient, AsyncBluejayClient))
    assert sync.parameters == other.parameters


def test_what_is_offered_is_listed_before_it_is_loaded() -> None:
    script = "import bluejay_results; print(*dir(bluejay_results))"
    listed = _printed(script).split()
    assert {*bluejay_results.__all__, "errors", "latency", "result", "run", "status"} <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_star_import_brings_all_that_is_offered() -> None:
    script = "from bluejay_results import *; print(*globals())"
    assert set(bluejay_results.__all__) <= set(_printed(script).split())


def test_a_public_module_needs_no_import_of_its_own() -> None:
    modules = ["errors", "latency", "result", "run", "status"]
    named = ", ".join(f"bluejay_results.{module}.__name__" for module in modules)
    names = _printed(f"import bluejay_results; print({named})").split()
    assert names == [f"bluejay_results.{module}" for module in modules]


@pytest.mark.parametrize(
    ("statement", "not_needed"),
    [
        ("import bluejay_results", {"attrs", "msgspec", "bluejay_api", "httpx"}),
        ("from bluejay_results import SimulationRun", {"httpx"}),
    ],
)
def test_an_import_loads_nothing_that_it_does_not_need(statement: str, not_needed: set[str]) -> None:
    loaded = _printed(f"import sys; {statement}; print(*sys.modules)").split()
    assert not_needed & set(loaded) == set()


def _printed(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
