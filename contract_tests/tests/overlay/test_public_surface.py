"""The public names of the package, and tables that must be complete."""

import subprocess
import sys
from http import HTTPStatus

import bluejay_results
import pytest
from bluejay_contract.contract import Contract
from bluejay_results import ResponseError, UnexpectedStatusError
from bluejay_results.results.responses import ERROR_BY_STATUS, RETRIED_STATUSES


def test_an_unknown_name_in_the_package_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        bluejay_results.Nothing  # type: ignore[attr-defined]  # noqa: B018 - the look-up is the test


def test_every_documented_error_status_has_its_own_error_class() -> None:
    operations = Contract.load().operations.values()
    documented = {status for each in operations for status in each.statuses if status != 200}
    standard = {status.value for status in HTTPStatus if status >= 500}
    assert (documented | standard | RETRIED_STATUSES) - ERROR_BY_STATUS.keys() == set()
    assert all(issubclass(kind, ResponseError) for kind, _ in ERROR_BY_STATUS.values())
    assert UnexpectedStatusError not in {kind for kind, _ in ERROR_BY_STATUS.values()}


def test_every_public_name_is_listed_by_dir_before_it_is_loaded() -> None:
    listed = _printed("import bluejay_results; print(*dir(bluejay_results))").split()
    assert listed == sorted(bluejay_results.__all__)


@pytest.mark.parametrize(
    ("statement", "not_needed"),
    [
        ("import bluejay_results", {"attrs", "msgspec", "bluejay_api", "httpx"}),
        (
            "from bluejay_results import BluejayClient, AsyncBluejayClient",
            {
                f"bluejay_results.{name}"
                for name in ("gate", "compare", "export", "measuring", "writing", "cli")
            },
        ),
    ],
)
def test_an_import_loads_only_the_modules_that_it_needs(statement: str, not_needed: set[str]) -> None:
    loaded = _printed(f"import sys; {statement}; print(*sys.modules)").split()
    assert not_needed & set(loaded) == set()


def _printed(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
