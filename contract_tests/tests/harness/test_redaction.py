"""Exchanges and failures can be printed without showing the key."""

from bluejay_contract.redaction import Redaction
from bluejay_results._secrets import Secret

from ..cli.command import CANARY
from .findings import answered, found_in

REDACTION = Redaction(Secret(CANARY).redact)


def test_the_api_key_is_not_in_the_repr_of_an_exchange_or_its_failures() -> None:
    exchange = answered(b'"%b"' % CANARY.encode(), secret=CANARY, headers={"x-echo": CANARY})
    found = [each for each in found_in(exchange) if each.rule == "leaked-api-key"]
    assert len(found) == 2
    assert CANARY not in repr([exchange.request, exchange, found, REDACTION])
