"""No text about a run shows the signed URL of a transcript or a recording."""

import json
from itertools import product

from bluejay_results import SimulationRun
from bluejay_results.cli.layout import console
from bluejay_results.cli.run_text import conversation
from bluejay_results.gate import gate
from bluejay_results.json_output import to_json
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of
from .canary import SHORT_SIGNED_URL, SIGNATURE, SIGNED_URL, leaks


def test_a_run_and_its_results_show_no_signed_url() -> None:
    result = builders.result(audio_url=SIGNED_URL, transcript_url=SIGNED_URL)
    run = run_of(result)
    assert leaks(f"{run!r} {run.results!r} {run.results[0]!s}") == []


def test_a_collected_violation_shows_no_signature() -> None:
    misplaced = builders.response(builders.result(start_time=SHORT_SIGNED_URL))
    run = SimulationRun.from_bytes(builders.encoded(misplaced), on_violation="collect")
    assert len(run.violations) == 1
    assert leaks(json.dumps([[each.path, each.message] for each in run.violations])) == []


@table("field", ["transcript_url", "audio_url"])
def test_a_conversations_url_is_shown_without_its_signature(field: str) -> None:
    for odd, sign in product([" ", '"', "<", ">", "\t", "\n", "\u2028", "://", "é", "http:"], "?#@"):
        user, query = (f"u:a{odd}{SIGNATURE}@", "") if sign == "@" else ("", f"{sign}x#a={SIGNATURE}")
        run = run_of(builders.result() | {field: f"https://{user}files.example/a{odd}b{query}"})
        shown = run.results[0]
        lines = [str(line) for line in conversation(shown, console())]
        assert any("files.example" in line for line in lines)
        assert b"files.example" in to_json(shown)
        assert leaks("".join(lines)) + leaks(to_json(shown)) + leaks(to_json(gate(run))) == [], (odd, sign)
