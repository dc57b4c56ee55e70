"""One conversation in full, and rates as text, without a terminal."""

import pytest
from bluejay_results.cli.run_text import conversation
from bluejay_results.writing.run_view import ConversationView
from bluejay_results.writing.safe_text import percent_text
from rich.console import Console

from .. import builders


def test_one_conversation_is_shown_in_full() -> None:
    metric = {"name": "tone", "description": "d", "response_type": "t", "response_value": "3"}
    metric["reasoning"] = "Dry."
    sent = builders.result(
        7,
        digital_human_id=5,
        start_time="2026-11-19T16:04:00Z",
        end_time="2026-11-19T16:05:30Z",
        transcript_url="https://files.example.com/t?signature=s",
        events=[{"title": "Caller hangs up", "start_offset_ms": 900, "description": "early"}],
        tool_calls=[{"name": "book", "expected": [{"parameters": {"day": "Dí"}}], "actual": []}],
        evaluations=[
            builders.evaluation(
                call_summary="A call.",
                goal_reasoning="Said so.",
                hallucination=True,
                hallucination_reasoning="Made up.",
                custom_metrics=[metric],
            )
        ],
    )
    [result] = builders.saved_run(sent).results
    lines = [line.plain for line in conversation(ConversationView.of(result), Console(width=999))]
    assert [" ".join(line.split()) for line in lines] == [
        "Conversation 7: unknown",
        "Reason no tool call recorded, expected book",
        "Status COMPLETED",
        "Caller 5",
        "Duration 90 s",
        "Latency average 800 ms",
        "Summary A call.",
        "Goal reached yes: Said so.",
        "Hallucination yes: Made up.",
        "Metric tone = 3: Dry.",
        'Tool book: expected {"day": "Dí"}; actual none',
        "Event 900 ms: Caller hangs up: early",
        "Transcript https://files.example.com/t?<redacted>",
    ]


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (2 / 3, "66.7 %"),
        (0.29, "29.0 %"),
        (1 / 16, "6.3 %"),
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.9985, "99.9 %"),
        (1999 / 2000, "99.9 %"),
    ],
)
def test_a_rate_is_rounded_but_never_up_to_100(rate: float, said: str) -> None:
    assert percent_text(rate) == said
