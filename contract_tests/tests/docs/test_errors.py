"""The docs say which status raises which error, and catch every error that a user can catch."""

import ast
import re
from pathlib import Path

import bluejay_results
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import BluejayError

PAGE = (Path(__file__).parents[3] / "docs" / "python.md").read_text()
SNIPPETS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TABLE: list[tuple[str, str]] = re.findall(r"^\| ([^|]*\d.*) \| (.*`\w+Error`.*) \|$", PAGE, re.MULTILINE)
ABSTRACT = {"ResponseError"}
"""The base class of the errors with a status; the docs catch its subclasses."""
BODY = SCENARIOS["settled"].bodies[-1]
BROKEN = Answer(BODY.replace(b'"tests_passed":3', b'"tests_passed":"3"'))
TOO_LARGE = Answer(BODY.replace(b'"tests_passed":3', b'"tests_passed":1' + b"0" * 5_000))
ROWS = [
    *((Answer(status=status), "AuthenticationError") for status in (401, 403)),
    (Answer(status=404), "RunNotFoundError"),
    (Answer(status=422), "RequestRejectedError"),
    (Answer(status=429), "RateLimitError"),
    *((Answer(status=status), "ServerError") for status in (500, 511)),
    *((Answer(status=status), "UnexpectedStatusError") for status in (302, 402, 520)),
    (BROKEN, "ContractViolationError"),
    (TOO_LARGE, "UnsupportedValueError"),
]


def _caught() -> set[str]:
    """Return the names in the except clauses of the snippets."""
    handlers = [
        node
        for snippet in SNIPPETS
        for node in ast.walk(ast.parse(snippet))
        if isinstance(node, ast.ExceptHandler) and node.type
    ]
    return {ast.unparse(each.type) for each in handlers if each.type}


def _documented(answer: Answer) -> str:
    """Return the errors in the row of the table that describes an answer."""
    rows = {int(status): errors for left, errors in TABLE for status in re.findall(r"\b\d{3}\b", left)}
    forbidden, unsupported = (errors for left, errors in TABLE if left.startswith("200"))
    if answer.status == 200:
        return forbidden if answer is BROKEN else unsupported
    return rows[answer.status]


@pytest.mark.parametrize(("answer", "error"), ROWS, ids=lambda each: str(getattr(each, "status", each)))
def test_a_status_raises_the_error_in_the_table(bluejay_stub: Stub, answer: Answer, error: str) -> None:
    bluejay_stub.serve("48390", answer)
    with bluejay_stub.client(retries=0) as client, pytest.raises(BluejayError) as raised:
        client.retrieve("48390")
    assert type(raised.value).__name__ == error
    assert f"`{error}`" in _documented(answer)


def test_the_docs_catch_every_error() -> None:
    errors = {
        name
        for name in bluejay_results.__all__
        if isinstance(kind := getattr(bluejay_results, name), type) and issubclass(kind, BluejayError)
    }
    assert errors - ABSTRACT == _caught()
