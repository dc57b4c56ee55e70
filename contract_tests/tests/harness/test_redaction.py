"""Reports can show a live response's structure, but not its text."""

from typing import Any

import pytest
from bluejay_contract.failure import Failure, Severity
from bluejay_contract.redaction import Redaction
from bluejay_results._secrets import Secret

from ..cli.command import CANARY
from .findings import answered, found_in

REDACTION = Redaction(Secret(CANARY).redact)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (81.5, "81.5"),
        ("COMPLETED", '"COMPLETED"'),
        ("Transferred to human", '"Transferred to human"'),
        ("She asked for Tuesday", "a string of 21 characters"),
        ("x" * 41, "a string of 41 characters"),
        ("https://cdn.example/a.mp3?sig=1", "a URL of 31 characters"),
        ("s3://calls/1", "a URL of 12 characters"),
        ("/a.mp3?token=abc", "a URL of 16 characters"),
        (CANARY, f"a string of {len(CANARY)} characters"),
        ([1, "She asked for Tuesday"], '[1, "a string of 21 characters"]'),
        ({"id": 7, "said": "She asked for Tuesday"}, '{"id": 7, "said": "a string of 21 characters"}'),
        ({"She asked for Tuesday": [[]]}, '{"a string of 21 characters": [[]]}'),
    ],
)
def test_redaction_keeps_structure_and_types_and_replaces_text(value: Any, shown: str) -> None:
    assert REDACTION.received(value) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("$.simulation_results[0].id", "$.simulation_results[0].id"),
        ("$['odd key'].a", "$['odd key'].a"),
        ("$['and she said \"no\"'][0].a", "$['a string of 17 characters'][0].a"),
        ('$["it\'s me, Mia Weber"]', "$['a string of 18 characters']"),
        (f"$.{'x' * 41}.a", "$.a string of 41 characters.a"),
        (f"$['a {CANARY}']", f"$['a string of {len(CANARY) + 2} characters']"),
        ("header content-type", "header content-type"),
    ],
)
def test_redaction_replaces_only_free_form_keys_in_a_path(path: str, shown: str) -> None:
    assert REDACTION.failure(Failure("r", Severity.DRIFT, path, "", "")).path == shown


def test_the_api_key_is_not_in_the_repr_of_an_exchange_or_its_failures() -> None:
    exchange = answered(b'"%b"' % CANARY.encode(), secret=CANARY, headers={"x-echo": CANARY})
    found = [each for each in found_in(exchange) if each.rule == "leaked-api-key"]
    assert len(found) == 2
    assert CANARY not in repr([exchange.request, exchange, found, REDACTION])
