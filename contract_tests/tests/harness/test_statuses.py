"""The rules' reading of the public descriptions and the client's own: two witnesses that must agree."""

import pytest
from bluejay_contract.checks import statuses as ours
from bluejay_results.results import status as theirs


@pytest.mark.parametrize(
    ("of_the_rules", "of_the_client"),
    [
        pytest.param(ours.RUN_UNDER_WAY, theirs.RUN_UNDER_WAY, id="run under way"),
        pytest.param(ours.RUN_CUT_SHORT, theirs.RUN_CUT_SHORT, id="run cut short"),
        pytest.param(ours.RUN_ENDED, theirs.RUN_ENDED, id="run ended"),
        pytest.param(ours.UNDER_WAY, theirs.UNDER_WAY, id="under way"),
        pytest.param(ours.VOID, theirs.NOT_MEASURED.keys(), id="void"),
        pytest.param(ours.NEVER_PASSED, theirs.NOT_MEASURED.keys() | theirs.NEVER_PASS.keys(), id="no pass"),
        pytest.param(ours.ENDED, theirs.ENDED, id="ended"),
    ],
)
def test_rules_and_client_know_the_same_statuses(
    of_the_rules: frozenset[str], of_the_client: frozenset[str]
) -> None:
    assert of_the_rules == of_the_client
