"""The signed URL of a transcript or a recording is where somebody asks for it, and in no error text."""

import json

import pytest
from bluejay_results import ContractViolationError, SimulationRun

from .. import builders
from .canary import SHORT_SIGNED_URL, SIGNATURE, SIGNED_URL, leaks

MISPLACED = builders.encoded(builders.response(builders.result(start_time=SHORT_SIGNED_URL)))


def test_a_run_gives_its_signed_urls_to_who_asks() -> None:
    run = SimulationRun.from_bytes(builders.encoded(builders.response(builders.result(audio_url=SIGNED_URL))))
    assert SIGNATURE in (run.results[0].response.audio_url or "")


def test_a_run_and_its_results_show_no_signed_url() -> None:
    result = builders.result(audio_url=SIGNED_URL, transcript_url=SIGNED_URL)
    run = SimulationRun.from_bytes(builders.encoded(builders.response(result)))
    assert leaks(f"{run!r} {run.results!r} {run.results[0]!s}") == []


def test_an_error_about_a_misplaced_url_shows_no_signature() -> None:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(MISPLACED)
    assert leaks(f"{caught.value!r} {caught.value.violations!r}") == []


def test_a_collected_violation_shows_no_signature() -> None:
    run = SimulationRun.from_bytes(MISPLACED, on_violation="collect")
    assert len(run.violations) == 1
    assert leaks(json.dumps([[each.path, each.message] for each in run.violations])) == []
