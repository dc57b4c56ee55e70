"""Short documents with exponentially many paths: the kit's work and its bodies stay small.

The test counts function calls, so that it doesn't depend on the machine's speed.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import pytest
from benchmarks.corpus.chains import LINKS, chain
from contract_kit.derive.catalogue import Catalogue
from contract_kit.diff.compare import compare
from contract_kit.errors import KitError
from contract_kit.read.document import Document
from contract_kit.tests.tables import table

LENGTH = 26
CALLS = 1_000_000
"""The maximum number of calls; following each path through a chain would take over 2**26, or 67 million."""
LIMITS = {"building.LARGEST": 500, "building._LARGEST_REQUIRED": 2_000, "places.MOST_EVALUATED": 500}
"""Lower limits, which are reached sooner."""


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
def test_a_chain_needs_few_calls_and_has_a_small_body(monkeypatch: pytest.MonkeyPatch, keyword: str) -> None:
    for name, limit in LIMITS.items():
        monkeypatch.setattr(f"contract_kit.derive.{name}", limit)
    old, new = (chain(keyword, LENGTH) for _ in range(2))
    new["components"]["schemas"][f"S{LENGTH}"] = {"type": "object", "required": ["id"]}
    sizes = [0]
    with counting(), suppress(KitError):
        sizes += [len(each.response.body) for each in Catalogue(Document.of(old)).mutants(sample=1)]
    with counting():
        compare(Document.of(old), Document.of(new), lambda *_: None)
    assert max(sizes) < 100_000
