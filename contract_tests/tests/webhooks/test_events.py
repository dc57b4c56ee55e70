"""Parsing events: an event of a known type has a typed model, and other events are kept too."""

from typing import Any

import pytest
from bluejay_contract.contract import Contract
from bluejay_results import webhooks
from bluejay_results.webhooks import parse
from contract_kit.tests.tables import table

from .. import builders

CONTRACT = Contract.load()
WEBHOOKS: dict[str, Any] = CONTRACT.document["webhooks"]


def _examples(kind: str) -> list[Any]:
    media = WEBHOOKS[kind]["post"]["requestBody"]["content"]["application/json"]
    examples = CONTRACT.document["components"]["examples"]
    return [examples[each["$ref"].rpartition("/")[2]]["value"] for each in media["examples"].values()]


@pytest.mark.parametrize("kind", WEBHOOKS)
def test_each_example_in_the_contract_is_parsed_into_the_public_class_with_its_name(kind: str) -> None:
    events = [parse(builders.encoded(each)) for each in _examples(kind)]
    class_ = getattr(webhooks, kind.title().replace("_", ""))
    assert {(event.type, type(event.data)) for event in events} == {(kind, class_)}


@table(
    "sent, run_id",
    [
        (48213, "48213"),
        ("48213", "48213"),
        (81.0, "81"),
        (81.5, None),
        (True, None),
        ([1], None),
        (None, None),
    ],
)
def test_an_event_of_unknown_type_is_kept_with_its_run_id(sent: Any, run_id: str | None) -> None:
    body = builders.encoded({"type": "never_documented", "simulation_run_id": sent})
    event = parse(body)
    assert (event.type, event.run_id, event.data) == ("never_documented", run_id, None)
    assert event.raw == body
