"""No text about a run shows the signed URL of a transcript or a recording."""

import json

from bluejay_results import SimulationRun

from .. import builders
from ..runs import run_of
from .canary import SHORT_SIGNED_URL, SIGNED_URL, leaks


def test_a_run_and_its_results_show_no_signed_url() -> None:
    result = builders.result(audio_url=SIGNED_URL, transcript_url=SIGNED_URL)
    run = run_of(result)
    assert leaks(f"{run!r} {run.results!r} {run.results[0]!s}") == []


def test_a_collected_violation_shows_no_signature() -> None:
    misplaced = builders.response(builders.result(start_time=SHORT_SIGNED_URL))
    run = SimulationRun.from_bytes(builders.encoded(misplaced), on_violation="collect")
    assert len(run.violations) == 1
    assert leaks(json.dumps([[each.path, each.message] for each in run.violations])) == []
