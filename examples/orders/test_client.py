"""The client's own tests: it must accept legal responses, and refuse an order without a total."""

import contract_kit
import pytest
from client import OrderError, call
from contract_kit.pytest_plugin import ServedMutant


@contract_kit.each_mutant("openapi.yaml")
def test_legal_orders_are_accepted_and_an_order_without_a_total_is_refused(
    mutant: ServedMutant, request: pytest.FixtureRequest
) -> None:
    id_ = request.node.callspec.id
    if mutant.expect == "accept" or (":required:" in id_ and id_.endswith("/total")):
        mutant.check(lambda: call(mutant.url, mutant.operation, mutant.arguments), refuses=OrderError)
