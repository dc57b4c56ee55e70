"""The docs list the error for each status, and every other error that a user can catch."""

import re
from pathlib import Path

import bluejay_results
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import BluejayError
from contract_kit.tests.tables import table

PAGE = (Path(__file__).parents[3] / "docs" / "python.md").read_text()
TABLE: list[tuple[str, str]] = re.findall(r"^\| ([^|]*\d{3}[^|]*) \| `(\w+Error)` \|", PAGE, re.MULTILINE)
BASE_CLASSES = {"BluejayError", "ResponseError"}
"""The base classes of all errors and of those with a status. The table lists only their subclasses."""
BODY = SCENARIOS["settled"].bodies[-1]
BROKEN = Answer(BODY.replace(b'"tests_passed":3', b'"tests_passed":"3"'))
TOO_LARGE = Answer(BODY.replace(b'"tests_passed":3', b'"tests_passed":1' + b"0" * 5_000))
STATUSES = (401, 403, 404, 422, 429, 500, 511, 302, 402, 520)
ANSWERS = [*(Answer(status=status) for status in STATUSES), BROKEN, TOO_LARGE]


def _documented(answer: Answer) -> str:
    """Return the documented error for this response to a request for a run."""
    numbers = ((re.findall(r"\b\d{3}\b", left), error) for left, error in reversed(TABLE))
    rows = {int(status): error for statuses, error in numbers for status in statuses}
    forbidden, unsupported = (error for left, error in TABLE if left.startswith("200"))
    if answer.status == 200:
        return forbidden if answer is BROKEN else unsupported
    return rows[answer.status]


@table("answer", ANSWERS)
def test_each_status_raises_the_error_in_the_documented_table(bluejay_stub: Stub, answer: Answer) -> None:
    bluejay_stub.serve("48390", answer)
    with bluejay_stub.client(retries=0) as client, pytest.raises(BluejayError) as raised:
        client.retrieve("48390")
    assert type(raised.value).__name__ == _documented(answer)


def test_the_table_lists_every_error() -> None:
    exported = [getattr(bluejay_results, name) for name in bluejay_results.__all__]
    errors = {each.__name__ for each in exported if isinstance(each, type) and issubclass(each, BluejayError)}
    rows = re.findall(r"^\|[^|]*\| (`[^|]*Error`) \|", PAGE, re.MULTILINE)
    assert errors - BASE_CLASSES == set(re.findall(r"\w+", " ".join(rows)))
