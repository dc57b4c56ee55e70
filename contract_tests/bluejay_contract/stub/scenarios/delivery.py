"""Scenario: a delivery service tests its agent. Shows the states of a run, and runs that end early."""

from collections.abc import Sequence
from dataclasses import replace

from .conversation import Conversation
from .parts import Document, called, event, metric, skipped
from .run_document import response, results

_SIMULATION = "733"

CONVERSATIONS = (
    Conversation(
        caller=101,
        summary="The caller heard where her parcel is and when it comes.",
        goal=True,
        reasoning="Depot and time window were given from the tracking record.",
        length=52_300,
        answer_times=(680, 920, 1_040, 810),
        sentiment=(55, 44, 1),
        metrics=(metric("politeness", 4), metric("call_reason", "question")),
        tools=(
            called("track_parcel", {"number": "JX-400171"}, {"depot": "Nord", "window": "14-16"}, 12_800),
        ),
    ),
    Conversation(
        caller=102,
        summary="A parcel was sent on to the locker at the station.",
        goal=True,
        reasoning="The new address was confirmed and the locker named.",
        length=88_600,
        answer_times=(1_150, 990, 1_480, 1_020, 1_210, 900),
        metrics=(metric("identity_checked", True), metric("call_reason", "change")),
        tools=(
            called("track_parcel", {"number": "JX-400188"}, {"depot": "Mitte"}, 15_100),
            called("redirect", {"number": "JX-400188", "locker": 17}, {"ok": True}, 63_900),
        ),
    ),
    Conversation(
        caller=103,
        summary="A caller reported a crushed box and was sent to a form that does not exist any more.",
        goal=False,
        reasoning="No claim was opened; the page that was named was taken down.",
        length=134_200,
        answer_times=(1_730, 2_240, 1_960, 2_890, 1_870),
        sentiment=(4, 30, 66),
        metrics=(metric("politeness", 3), metric("details_captured", 40)),
        tools=(skipped("open_claim", {"number": "JX-399902"}),),
        events=(event("Long silence", 71_000, 79_400, tag="silence"),),
    ),
    Conversation(
        caller=104,
        summary="The delivery was moved to Saturday morning.",
        goal=True,
        reasoning="The new window was set and read back.",
        length=61_800,
        answer_times=(860, 1_130, 740, 980),
        metrics=(metric("next_step", "Delivery on Saturday between 8 and 10"),),
        tools=(called("set_window", {"number": "JX-400203", "window": "Sat 08-10"}, {"ok": True}, 40_700),),
    ),
    Conversation(
        caller=105,
        summary="The caller wanted a courier to pick up a return and got one for the next day.",
        goal=True,
        reasoning="The pick-up was booked.",
        length=97_500,
        answer_times=(1_010, 1_260, 1_190, 930, 1_350),
        metrics=(metric("details_captured", 80), metric("call_reason", "booking")),
        tools=(called("book_pickup", {"weight_kg": 3.2}, {"courier": "C-52"}, 74_300),),
    ),
    Conversation(
        caller=106,
        summary="A caller asked why customs charges a fee and was told that there is none.",
        goal=False,
        reasoning="The agent said there is no customs fee, but the record that it had just read lists one.",
        length=70_100,
        answer_times=(1_420, 1_610, 1_530),
        hallucination="'Parcels from there are always free of charge' is not grounded in anything.",
        tools=(called("track_parcel", {"number": "JX-400219"}, {"fee_eur": 14.8}, 19_600),),
    ),
)


_CLAIM_OPENED = replace(
    CONVERSATIONS[2],
    summary="A caller reported a crushed box and got a claim opened.",
    goal=True,
    reasoning="The claim was opened and its number read out.",
    metrics=(metric("politeness", 4), metric("details_captured", 80)),
    tools=(called("open_claim", {"number": "JX-399902"}, {"claim": "C-2214"}, 96_300),),
    events=(),
)
_ADVANCING = (*CONVERSATIONS[:2], _CLAIM_OPENED, *CONVERSATIONS[3:])


def under_way(run_id: str) -> list[Document]:
    """A run under way."""
    return [_step(run_id, "RUNNING", "COMPLETED EVALUATING IN_PROGRESS IN_PROGRESS DISPATCHED QUEUED")]


def advancing(run_id: str) -> list[Document]:
    """A run that moves one step per poll until it is settled; five of six conversations pass."""
    steps = (
        ("RUNNING", "QUEUED QUEUED QUEUED QUEUED QUEUED QUEUED"),
        ("RUNNING", "IN_PROGRESS IN_PROGRESS IN_PROGRESS QUEUED QUEUED QUEUED"),
        ("RUNNING", "COMPLETED EVALUATING EVALUATING IN_PROGRESS IN_PROGRESS IN_PROGRESS"),
        ("COMPLETED", "COMPLETED COMPLETED COMPLETED COMPLETED EVALUATING EVALUATING"),
        ("COMPLETED", "COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED"),
    )
    started = response(run_id, _SIMULATION, "INITIALIZING", [])
    return [started, *(_step(run_id, *step, conversations=_ADVANCING) for step in steps)]


def still_evaluating(run_id: str) -> list[Document]:
    """A run whose status is COMPLETED before all scores exist."""
    statuses = "COMPLETED COMPLETED EVALUATING EVALUATING CONVERSATION_ENDED CONVERSATION_ENDED"
    return [_step(run_id, "COMPLETED", statuses)]


def incompleted(run_id: str) -> list[Document]:
    """A run that gave up on half of its conversations."""
    statuses = "COMPLETED COMPLETED COMPLETED SYSTEM_ERROR SYSTEM_ERROR CANCELLED"
    return [_step(run_id, "INCOMPLETED", statuses)]


def insufficient_funds(run_id: str) -> list[Document]:
    """A run that ended early because the account ran out of credit."""
    statuses = "COMPLETED COMPLETED OUT_OF_FUNDS OUT_OF_FUNDS OUT_OF_FUNDS OUT_OF_FUNDS"
    return [_step(run_id, "INSUFFICIENT_FUNDS", statuses)]


def no_results(run_id: str) -> list[Document]:
    """A run of a simulation without callers."""
    return [response(run_id, _SIMULATION, "COMPLETED", [])]


def null_results(run_id: str) -> list[Document]:
    """A run that has ended, with null for everything else."""
    [whole] = no_results(run_id)
    known = {"id", "simulation_id", "created_at", "status"}
    run = {key: value if key in known else None for key, value in whole["simulation_run"].items()}
    return [{"simulation_run": run, "simulation_results": None}]


def _step(
    run_id: str, run_status: str, statuses: str, conversations: Sequence[Conversation] = CONVERSATIONS
) -> Document:
    pairs = zip(conversations, statuses.split(), strict=True)
    listed = [replace(conversation, status=status) for conversation, status in pairs]
    return response(run_id, _SIMULATION, run_status, results(run_id, listed))
