"""Every call to a server, a network or a proxy that misbehaves ends as in `endings.txt`."""

import time
from itertools import count
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, Clock

from .. import builders
from ..overlay.conftest import Reader
from .__main__ import ENDINGS
from ._http import RUN_ID, response
from ._running import run
from ._scripts import answers
from ._server import FaultServer
from .catalogue import SECTIONS


@pytest.mark.parametrize("section", SECTIONS)
def test_every_call_recovers_or_ends_with_one_typed_error(section: str) -> None:
    """`make faults` writes the expected endings."""
    cells = run(SECTIONS[section])
    assert [(each.line, each.wrong) for each in cells if each.wrong] == []
    expected = ENDINGS.read_text().partition(f"== {section}\n")[2].partition("\n\n")[0].splitlines()
    assert [each.line for each in cells] == expected


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_wait_continues_if_the_system_time_jumps_by_a_day(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, days = time.time, count()
    monkeypatch.setattr(time, "time", lambda: real() + 86_400 * next(days))
    runs = (builders.encoded(builders.response(id=RUN_ID, status=each)) for each in ("RUNNING", "COMPLETED"))
    with FaultServer(answers(response(b"", status=502), *map(response, runs))) as server:
        reader = Reader(kind, base_url=server.url, clock=Clock())
        assert reader.wait(RUN_ID, timeout=600, poll_interval=0.1).is_settled
