"""Scenario: a dental practice tests its phone service. A settled run with every kind of failure."""

from datetime import datetime, timedelta

from .conversation import Conversation
from .parts import Document, called, event, metric, skipped, stamp, volunteered
from .run_document import response, results

_PATIENT = {"insured_as": "K-5512", "born": "1987-03-14"}
_FOUND = {"patient_id": "P-2071", "next_visit": "2026-11-24T09:30"}

_CONVERSATIONS = (
    Conversation(
        caller=55,
        summary="The caller moved her cleaning from Tuesday to Friday at 14:00 and had it read back.",
        goal=True,
        reasoning="The new slot was booked and confirmed with date and time.",
        length=94_000,
        answer_times=(910, 640, 820, 1_180, 760, 930, 1_630, 870, 790, 980, 700),
        sentiment=(72, 26, 2),
        pronunciation=(94, "Names and times were clear; 'endodontics' was stressed on the wrong syllable."),
        checks={"greets with the practice's name": True, "reads the slot back": True},
        metrics=(
            metric("politeness", 5, "Thanked the caller twice and never spoke over her."),
            metric("identity_checked", True, "Asked for name and date of birth first."),
            metric("call_reason", "change"),
        ),
        tools=(
            called("find_patient", _PATIENT, _FOUND, 18_400),
            called("reschedule", {"patient_id": "P-2071", "slot": "2026-11-27T14:00"}, {"ok": True}, 61_200),
        ),
        events=(
            event("Caller interrupts", 21_400, 22_900, tag="interruption", speaker="digital_human"),
            event("Tool called", 61_200, 61_950, tag="tool", name="reschedule"),
        ),
    ),
    Conversation(
        caller=56,
        summary="A father asked when the practice opens on Saturday and heard the hours three times.",
        goal=True,
        reasoning="The Saturday hours were given correctly.",
        length=71_000,
        answer_times=(820, 900, 1_240, 760, 880),
        agent_share=68.0,
        redundancy="The opening hours were read three times, twice after the caller had said thanks.",
        metrics=(metric("politeness", 4), metric("call_reason", "question")),
        events=(event("Repetition", 38_200, 51_700, tag="redundancy"),),
    ),
    Conversation(
        caller=57,
        summary="A caller in acute pain asked for today and was offered next Thursday.",
        goal=False,
        reasoning="No emergency slot was offered, although the caller said twice that it hurts.",
        length=123_000,
        answer_times=(1_450, 1_980, 1_710, 2_260, 1_840, 3_120, 1_690),
        sentiment=(3, 21, 76),
        checks={"greets with the practice's name": True, "asks about pain": False},
        metrics=(
            metric("politeness", 2, "Told the caller that pain is normal."),
            metric("details_captured", 25, "One of four questions of the pain form was asked."),
            metric("next_step", "Appointment on Thursday at 11:15"),
        ),
        tools=(
            called(
                "find_patient",
                {"insured_as": "K-5521", "born": "1990-08-02"},
                {"patient_id": "P-1188"},
                22_700,
            ),
            volunteered("list_slots", {"week": "2026-W48"}, {"slots": ["2026-11-26T11:15"]}, 70_300),
        ),
        events=(event("Caller raises voice", 88_100, 93_000, tag="sentiment", speaker="digital_human"),),
    ),
    Conversation(
        caller=58,
        summary="The agent said that Thursday's appointment was cancelled; nothing was cancelled.",
        goal=True,
        reasoning="The caller was told that the appointment is cancelled.",
        length=64_000,
        answer_times=(1_020, 880, 1_310, 940),
        metrics=(metric("identity_checked", True), metric("call_reason", "change")),
        tools=(
            called(
                "find_patient",
                {"insured_as": "K-5534", "born": "1979-12-30"},
                {"patient_id": "P-0415"},
                9_100,
            ),
            skipped("cancel_appointment", {"patient_id": "P-0415", "slot": "2026-11-26T10:00"}),
        ),
    ),
    Conversation(
        caller=59,
        summary="A new patient booked a first visit; no tool call of the conversation was recorded.",
        goal=True,
        reasoning="A first visit on Monday was agreed.",
        length=101_000,
        answer_times=(990, 1_120, 1_060, 1_390, 1_010, 1_220),
        metrics=(
            metric("details_captured", 100, "Name, birth date, insurer and phone number were asked for."),
        ),
        tools=(
            skipped("create_patient", {"insured_as": "K-5547"}),
            skipped("book", {"slot": "2026-11-30T08:45"}),
        ),
    ),
    Conversation(
        caller=60,
        summary="Asked what whitening costs, the agent named a price and a discount that do not exist.",
        goal=False,
        reasoning="The caller left with a wrong price.",
        length=58_000,
        answer_times=(730, 850, 960, 690),
        hallucination="'89 euros with the autumn discount' is in neither the price list nor the prompt.",
        checks={"greets with the practice's name": True, "quotes the price list only": False},
        metrics=(metric("politeness", 5), metric("call_reason", "question")),
        events=(event("Ungrounded statement", 31_900, 36_400, tag="hallucination", severity="high"),),
    ),
    Conversation(
        caller=61,
        summary="A caller wanted a reminder by text message and was promised one to an outdated number.",
        goal=True,
        reasoning="The caller was told that a reminder will come.",
        length=77_000,
        answer_times=(1_130, 1_270, 980, 1_540, 1_090),
        metrics=(metric("next_step", "Reminder by text message on the day before"),),
    ),
    Conversation(
        caller=62,
        summary="A caller checked the address and where to park.",
        goal=True,
        reasoning="Address and car park were given.",
        length=39_000,
        turns=4,
        metrics=(metric("politeness", 3.5), metric("call_reason", "question")),
    ),
    Conversation(
        caller=63,
        summary="The line went dead while the agent looked for a slot.",
        goal=False,
        reasoning="The call dropped before a slot was offered.",
        length=27_400,
        answer_times=(1_210, 2_870),
        status="CALL_DROPPED",
        tools=(skipped("list_slots", {"week": "2026-W49"}),),
        events=(event("Call dropped", 27_400, tag="connection", cause="rtp_timeout"),),
    ),
    Conversation(caller=64, status="NO_CONNECTION"),
    Conversation(caller=65, status="NO_ANSWER"),
    Conversation(caller=66, status="No Answer"),
    Conversation(caller=67, status="OUT_OF_FUNDS"),
    Conversation(caller=68, status="SYSTEM_ERROR"),
    Conversation(caller=69, status="CANCELLED"),
)


def settled(run_id: str) -> list[Document]:
    """Fifteen callers, three of whom reach their goal. Some results have unusual forms."""
    listed = results(run_id, _CONVERSATIONS)
    by_caller = {each["digital_human_id"]: each for each in listed}

    times = _CONVERSATIONS[1].answer_times
    by_turn = [{"turn": turn, "agent_latency": time} for turn, time in enumerate(times, 1)]
    by_caller[56] |= {"latency": by_turn, "duration": by_caller[56]["duration"] // 1_000}  # in seconds

    scores = [{"name": name, "value": value} for name, value in by_caller[57]["custom_metrics"].items()]
    with_offset = by_caller[57]["start_time"].replace("Z", "+00:00")
    by_caller[57] |= {"custom_metrics": scores, "start_time": with_offset}

    [first] = by_caller[61]["evaluations"]
    wrong_number = "The number was not read back, so the reminder goes to the old one."
    second = _judged_again(first, 2, "A reminder was promised.")
    last = _judged_again(first, 3, wrong_number) | {"goal_success": False}
    by_caller[61]["evaluations"] = [first, last, second]

    by_caller[62]["end_time"] = by_caller[62]["end_time"].replace("Z", "250Z")  # with nanoseconds
    by_caller[65]["evaluations"] = []
    for name in by_caller[66].keys() - {"id", "digital_human_id", "status"}:
        del by_caller[66][name]
    return [response(run_id, "731", "COMPLETED", listed)]


def _judged_again(evaluation: Document, number: int, reasoning: str) -> Document:
    created_at = datetime.fromisoformat(evaluation["created_at"]) + timedelta(minutes=4 * number)
    evaluation_id = evaluation["id"].removesuffix("1") + str(number)
    return {**evaluation, "id": evaluation_id, "created_at": stamp(created_at), "goal_reasoning": reasoning}
