"""Scenario: a delivery service tests its agent with 1,000 callers."""

from .builder import run
from .parts import Document, called, event, metric, skipped


def large(run_id: str) -> list[Document]:
    """1,000 conversations, most of them of 7 kB: 768 passed, 189 failed, 20 are unknown and 23 void."""
    scores = [
        metric("politeness", 4, "Friendly at the start and at the end, brisk in the middle."),
        metric("identity_checked", True, "Name and number were compared with the record."),
        metric("call_reason", "question", "The caller said at once what it is about."),
        metric("next_step", "Written confirmation within a day", "Promised before the end."),
        metric("details_captured", 80, "Counted against the form of this kind of call."),
    ]
    turns = [
        event("Agent speaks", 2_000 * turn, 2_000 * turn + 1_200, tag="turn", speaker="agent", turn=turn)
        for turn in range(1, 24)
    ]

    def scored(**verdict: object) -> Document:
        listed = {each["name"]: each["response_value"] for each in scores}
        evaluation = {"custom_metrics": scores, **verdict}
        return {"custom_metrics": listed, "events": turns, "evaluation": evaluation}

    def missed(reasoning: str) -> Document:
        return scored(goal_reasoning=reasoning, hallucination=False, hallucination_reasoning=None)

    parcel = {"number": "JX-400171"}
    calls = [called("track_parcel", parcel, {"depot": "Nord"}, 12_800), skipped("redirect", parcel)]
    failed = [
        *[scored()] * 47,
        *[missed("The agent confirmed the old address.")] * 47,
        *[missed("The agent apologised but opened no claim.")] * 47,
        *[missed("The line was dead before the caller had an answer.") | {"status": "CALL_DROPPED"}] * 10,
        *[scored(goal_success=True) | {"tool_calls": calls}] * 38,
    ]
    unknown: list[Document] = [{}] * 9 + [{"status": "NO_CONNECTION"}] * 11
    void: list[Document] = [{}] * 9 + [{"status": "CANCELLED"}] * 14
    return [run([scored()] * 768, failed, unknown, void, id=run_id, simulation_id="734")]
