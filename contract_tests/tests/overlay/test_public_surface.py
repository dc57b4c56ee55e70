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
from bluejay_results.client.call import ERROR_BY_STATUS
from bluejay_results.results.status import RETRIED_STATUSES


def test_every_error_is_offered_and_drawn_in_the_tree() -> None:
    kinds = {name for name, kind in vars(errors).items() if inspect.isclass(kind)}
    kinds = {name for name in kinds if issubclass(getattr(errors, name), BluejayError)}
    drawn = (errors.__doc__ or "").replace("\n", " ")
    assert kinds <= set(bluejay_results.__all__)
    assert [name for name in kinds if f"{name} " not in drawn] == []


def test_a_violation_without_a_place_is_of_the_whole_body() -> None:
    assert errors.ContractViolationError("no").path == "$"


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        bluejay_results.Nothing  # type: ignore[attr-defined]  # noqa: B018 - the look-up is the test


def test_every_documented_retried_or_standard_error_status_has_an_error_of_its_own() -> None:
    operations = Contract.load().operations.values()
    documented = {status for each in operations for status in each.statuses if status != 200}
    standard = {status.value for status in HTTPStatus if status >= 500}
    assert (documented | standard | RETRIED_STATUSES) - ERROR_BY_STATUS.keys() == set()


def test_no_error_status_maps_to_the_error_for_all_others() -> None:
    assert all(issubclass(kind, ResponseError) for kind, _ in ERROR_BY_STATUS.values())
    assert UnexpectedStatusError not in {kind for kind, _ in ERROR_BY_STATUS.values()}


def _methods(client: type) -> set[str]:
    return {name for name, member in inspect.getmembers(client, callable) if not name.startswith("_")}


def test_both_clients_have_the_same_methods_except_the_one_that_closes_them() -> None:
    assert _methods(AsyncBluejayClient) - {"aclose"} == _methods(BluejayClient) - {"close"}


@pytest.mark.parametrize("method", ["__init__", *sorted(_methods(BluejayClient) - {"close"})])
def test_both_clients_take_the_same_arguments(method: str) -> None:
    sync, other = (inspect.signature(getattr(kind, method)) for kind in (BluejayClient, AsyncBluejayClient))
    assert sync.parameters == other.parameters


MODULES = ["compare", "errors", "export", "gate"]
NAMES = ", ".join(f"bluejay_results.{module}.__name__" for module in MODULES)


def test_every_name_and_public_module_is_listed_and_loaded_when_it_is_first_used() -> None:
    listed, named = _printed(
        f"import bluejay_results; print(*dir(bluejay_results)); print({NAMES})"
    ).splitlines()
    assert {*bluejay_results.__all__, *MODULES} <= set(listed.split())
    assert len(listed.split()) == len(set(listed.split()))
    assert named.split() == [f"bluejay_results.{module}" for module in MODULES]
    starred = _printed("from bluejay_results import *; print(*globals())")
    assert set(bluejay_results.__all__) <= set(starred.split())


@pytest.mark.parametrize(
    ("statement", "not_needed"),
    [
        ("import bluejay_results", {"attrs", "msgspec", "bluejay_api", "httpx"}),
        ("from bluejay_results import SimulationRun", {"httpx"}),
        (
            "from bluejay_results import BluejayClient, AsyncBluejayClient",
            {
                f"bluejay_results.{name}"
                for name in ("gate", "compare", "export", "judging", "writing", "cli")
            },
        ),
    ],
)
def test_an_import_loads_nothing_that_it_does_not_need(statement: str, not_needed: set[str]) -> None:
    loaded = _printed(f"import sys; {statement}; print(*sys.modules)").split()
    assert not_needed & set(loaded) == set()


def _printed(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
