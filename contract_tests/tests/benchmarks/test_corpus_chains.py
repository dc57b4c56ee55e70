"""Short documents with exponentially many paths: the kit's work and its bodies stay small.

The tests count function calls, so that they don't depend on the machine's speed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.places import MOST_EVALUATED
from contract_kit.diff.compare import compare
from contract_kit.errors import KitError
from contract_kit.read.document import Document
from contract_kit.tests.tables import table

from benchmarks.corpus.chains import LINKS, chain

LENGTH = 26
CALLS = 8_000_000
"""The maximum number of calls; following each path through a chain would take over 2**26, or 67 million."""
BYTES = 100_000
REFUSED = {
    "1,000 schemas": {
        "allOf", "anyOf", "dependentSchemas", "if", "not", "unevaluatedItems", "unevaluatedProperties",
    },
    f"{MOST_EVALUATED:,} schemas": {"contains", "discriminator"},
    "20,000 values": {"minItems", "required"},
    "thousands of values": {
        "additionalProperties", "items", "patternProperties", "prefixItems", "properties",
    },
    "optional parts": {"the same property twice"},
}  # fmt: skip
"""The chains that are not covered or only partly covered, each with a word from the reported reason."""


SLOW = {"minItems", "oneOf", "patternProperties", "prefixItems", "properties"}
"""Chains that take seconds to compare, with the same code as `items` and `additionalProperties`."""


class TooManyCallsError(Exception):
    """The kit made more than `CALLS` calls."""


@contextmanager
def counting() -> Iterator[None]:
    """Raise an error once there are too many calls."""
    made = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal made
        made += event == "call"
        if made > CALLS:
            sys.setprofile(None)
            raise TooManyCallsError

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)


@table("keyword", LINKS)
def test_a_chain_needs_few_calls_and_is_small_or_listed_with_a_reason(keyword: str) -> None:
    catalogue = Catalogue(Document.of(chain(keyword, LENGTH)))
    sizes = [0]
    with counting(), suppress(KitError):
        sizes += [len(each.response.body) for each in catalogue.mutants(sample=1)]
    [reason] = [each.reason for each in catalogue.gaps() if each.where == "getChain 200"] or [""]
    assert max(sizes) < BYTES
    assert next((datum for datum, keywords in REFUSED.items() if keyword in keywords), "") in reason
    assert bool(reason) is any(keyword in keywords for keywords in REFUSED.values())


@table("keyword", sorted(LINKS.keys() - SLOW))
def test_two_versions_of_a_chain_are_compared_with_few_calls(keyword: str) -> None:
    old, new = (chain(keyword, LENGTH) for _ in range(2))
    old["components"]["schemas"][f"S{LENGTH}"] = {"type": "object", "required": ["id"]}
    with counting():
        compare(Document.of(old), Document.of(new), lambda *_: None)


@table("keyword", ["properties", "patternProperties", "items", "prefixItems"])
def test_a_chain_that_is_twice_as_long_at_most_doubles_the_size_of_a_body(keyword: str) -> None:
    sizes = []
    for length in (LENGTH // 2, LENGTH):
        catalogue = Catalogue(Document.of(chain(keyword, length)))
        [operation] = catalogue.operations
        sizes.append(len(catalogue.valid(operation).body))
    assert sizes[1] <= 2 * sizes[0]
