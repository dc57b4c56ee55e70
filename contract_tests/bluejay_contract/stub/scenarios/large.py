"""Scenario: a hotel chain tests its booking service with 1,000 callers, drawn with a fixed seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .conversation import Conversation
from .parts import Document, called, event, metric, skipped
from .run_document import response, results

_CALLERS = range(1_001, 2_001)
_NAMES = tuple(f"guest {letter}" for letter in "ABCDEFG")
_CITIES = ("Bremen", "Cork", "Graz", "Leuven", "Porto", "Tartu", "Turin")
_MANNERS = ("in a hurry", "with a bad line", "in a noisy street", "patiently", "with a strong accent")
_NOT_HELD = ("NO_CONNECTION", "NO_ANSWER", "CALL_DROPPED", "SYSTEM_ERROR", "CANCELLED")
_CUT_OFF = "The connection was gone before the caller had said what it is about."
_EVENTS = (
    ("Caller interrupts", "interruption", "digital_human"),
    ("Agent interrupts", "interruption", "agent"),
    ("Long silence", "silence", "agent"),
    ("Tool called", "tool", "agent"),
    ("Sentiment changes", "sentiment", "digital_human"),
    ("Agent asks back", "clarification", "agent"),
)


@dataclass(frozen=True)
class _Wish:
    reason: str
    wish: str
    tools: Sequence[str]
    reached: str
    missed: str


_WISHES = (
    _Wish(
        "booking",
        "book a double room for two nights",
        ("search_rooms", "quote_price", "create_booking", "send_confirmation"),
        "The room was booked for the dates that were asked for, and the price was named before.",
        "The room was booked for one night instead of two, and the agent did not read the dates back.",
    ),
    _Wish(
        "change",
        "move a stay to the week after",
        ("find_booking", "search_rooms", "change_booking", "send_confirmation"),
        "The stay was moved and the difference in price was explained.",
        "The agent confirmed the old dates and took the call for a new booking.",
    ),
    _Wish(
        "complaint",
        "complain about a minibar that was billed but never opened",
        ("find_booking", "read_invoice", "open_complaint", "send_confirmation"),
        "A complaint was opened and the caller knows when the hotel will answer.",
        "The agent apologised but opened no complaint, so nobody will look at the invoice.",
    ),
    _Wish(
        "question",
        "ask whether a dog may stay in the room",
        ("find_hotel", "read_policy", "quote_price", "send_confirmation"),
        "The policy and the fee a night were given as they are written.",
        "The agent described the policy of another hotel of the chain.",
    ),
)


def large(run_id: str) -> list[Document]:
    """1,000 conversations of a realistic size."""
    rng = Random(48_221)  # noqa: S311 - the same conversations each time are the point
    conversations = [_conversation(rng, caller) for caller in _CALLERS]
    return [response(run_id, "734", "COMPLETED", results(run_id, conversations))]


def _conversation(rng: Random, caller: int) -> Conversation:
    if rng.random() < 0.06:
        return Conversation(caller=caller, status=rng.choice(_NOT_HELD), goal=False, summary=_CUT_OFF)
    wish, goal = rng.choice(_WISHES), rng.random() < 0.83
    length = rng.randrange(45_000, 260_000)
    positive, negative = rng.randrange(5, 45), rng.randrange(0, 40)
    return Conversation(
        caller=caller,
        summary=_summary(rng, wish, goal=goal),
        goal=goal,
        reasoning=wish.reached if goal else wish.missed,
        length=length,
        answer_times=[round(rng.lognormvariate(6.9, 0.35)) for _ in range(rng.randrange(6, 22))],
        agent_share=round(rng.uniform(38, 71), 1),
        sentiment=(positive, 100 - positive - negative, negative),
        hallucination=None
        if goal or rng.random() < 0.7
        else "A policy was quoted that is not in the prompt.",
        redundancy="The dates were read back three times." if rng.random() < 0.04 else None,
        pronunciation=(rng.randrange(80, 100), "Place names were clear; one room category was mumbled."),
        checks={
            name: rng.random() < 0.9 for name in ("greets by name of the hotel", "names the price", "thanks")
        },
        metrics=_metrics(rng, wish),
        tools=_tools(rng, wish, length),
        events=_events(rng, length),
    )


def _summary(rng: Random, wish: _Wish, *, goal: bool) -> str:
    name, city, manner = rng.choice(_NAMES), rng.choice(_CITIES), rng.choice(_MANNERS)
    opening = f"{name} called {manner} to {wish.wish} at the hotel in {city}."
    course = "The agent asked for the name and the dates, looked the stay up and explained what is possible."
    return f"{opening} {course} {wish.reached if goal else wish.missed}"


def _metrics(rng: Random, wish: _Wish) -> list[Document]:
    return [
        metric("politeness", rng.randint(2, 5), "Friendly at the start and at the end, brisk in the middle."),
        metric(
            "identity_checked", rng.random() < 0.9, "Name and booking number were compared with the record."
        ),
        metric("call_reason", wish.reason, f"The caller said at once that the wish is to {wish.wish}."),
        metric(
            "next_step", f"Written confirmation within {rng.randint(1, 24)} hours", "Promised before the end."
        ),
        metric(
            "details_captured", rng.randrange(40, 101, 10), "Counted against the form of this kind of call."
        ),
    ]


def _tools(rng: Random, wish: _Wish, length: int) -> list[Document]:
    count = len(wish.tools)
    parameters = {"city": rng.choice(_CITIES), "booking": f"H-{rng.randrange(10**6):06}", "guests": 2}
    made = [
        called(
            name, parameters, {"ok": True, "took_ms": rng.randrange(90, 900)}, length * turn // (count + 1)
        )
        for turn, name in enumerate(wish.tools, 1)
    ]
    if rng.random() < 0.05:
        made[-1] = skipped(wish.tools[-1], parameters)
    return made


def _events(rng: Random, length: int) -> list[Document]:
    starts = sorted(rng.randrange(length - 3_000) for _ in range(rng.randrange(9, 19)))
    kinds = [rng.choice(_EVENTS) for _ in starts]
    return [
        event(title, start, start + rng.randrange(200, 3_000), tag=tag, speaker=speaker, turn=turn)
        for turn, (start, (title, tag, speaker)) in enumerate(zip(starts, kinds, strict=True), 1)
    ]
