"""A response's effect: what the caller gets, compared with what it gets from the valid response."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit.judge.effects import Comparison, Effect, Finding
from contract_kit.judge.trees import ABSENT, Tagged
from contract_kit.serve.returned import Returned

NO_EFFECT, PASSED_ON, LOST, ALTERED = Effect.NO_EFFECT, Effect.PASSED_ON, Effect.LOST, Effect.ALTERED
MOMENT = "2026-11-19T16:04:10Z"
BIG = 2**53 + 1
GONE: Any = ...
"""Represents an absent property."""


def tagged(kind: str, text: str) -> dict[str, str]:
    return {f"${kind}": text}


def moment(text: str) -> dict[str, str]:
    return tagged("date-time", text)


def text(value: Any) -> str:
    return "" if value is GONE else json.dumps(value)


def without_gone(value: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if each is not GONE}


def compared(
    sent: tuple[Any, Any],
    returned: tuple[Any, Any],
    again: Any = ...,
    default: Any = ...,
    is_legal: bool = False,
) -> Finding:
    """Return how the client's result changes if the second body is sent instead of the first."""
    (valid, body), (before, after) = sent, returned
    first, second = text(before), text(before if again is ... else again)
    comparison = Comparison(text(valid).encode(), Returned(first), Returned(second))
    probe = None if default is ... else text(default)
    given_body = body if isinstance(body, bytes) else text(body).encode()
    return comparison.finding(given_body, text(after), is_legal=is_legal, default=lambda _: probe)


def effect(sent: Any, after: Any, **more: Any) -> Effect:
    """Return the effect of a wrong value for a property, given what the client returns for the property."""
    bodies = {"a": "valid", "b": 1}, without_gone({"a": sent, "b": 1})
    results = {"x": {"a": "before", "c": 1}}, {"x": without_gone({"a": after, "c": 1})}
    return compared(bodies, results, **more).effect


def legal(valid: Any, sent: Any, before: Any, after: Any, name: str = "amount") -> Effect:
    """Return the effect of another legal value for a property, given what the client returns under a name."""
    bodies = {"amount": valid, "b": 1}, without_gone({"amount": sent, "b": 1})
    results = {"of": [{name: before, "c": 1}]}, {"of": [without_gone({name: after, "c": 1})]}
    return compared(bodies, results, is_legal=True).effect


@pytest.mark.parametrize(
    "before", [None, True, 7, 1.5, "a", moment(MOMENT), [], {}, {"a": [1, {"b": None}]}], ids=repr
)
def test_an_identical_result_has_no_effect(before: Any) -> None:
    found = compared(({"a": 1}, {"a": None}), ({"it": before}, {"it": before}))
    assert found == Finding(NO_EFFECT)


def test_identical_strings_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("contract_kit.judge.effects.returned_value")
    monkeypatch.delattr("contract_kit.judge.effects.sent_value")
    assert compared(({"a": 1}, {"a": None}), (1, 1)).effect is NO_EFFECT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 1.0}),
        ([1, 2], [2, 1]),
    ],
)
def test_an_equivalent_result_has_no_effect(before: Any, after: Any) -> None:
    assert compared(({"a": 1}, {"a": None}), (before, after)).effect is NO_EFFECT


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        pytest.param(None, None, id="null"),
        pytest.param(True, True, id="true"),
        pytest.param(False, False, id="false"),
        pytest.param(0, 0, id="zero"),
        pytest.param("", "", id="empty text"),
        pytest.param([], [], id="empty list"),
        pytest.param({}, {}, id="empty object"),
        pytest.param(7, 7, id="integer"),
        pytest.param(7, 7.0, id="integer as a float"),
        pytest.param(7.0, 7, id="float as an integer"),
        pytest.param(1.5, 1.5, id="fraction"),
        pytest.param(BIG, BIG, id="big integer"),
        pytest.param("N/A", "N/A", id="text"),
        pytest.param({"b": 1, "a": [2]}, {"a": [2], "b": 1}, id="object"),
        pytest.param([1, "b"], [1, "b"], id="list"),
        pytest.param({"$date": "2026-11-19"}, {"$$date": "2026-11-19"}, id="key with a dollar"),
        pytest.param(GONE, GONE, id="absent"),
    ],
)
def test_returning_the_sent_value_counts_as_passing_it_on(sent: Any, after: Any) -> None:
    assert effect(sent, after) is PASSED_ON


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        pytest.param(7, "7", id="integer as text"),
        pytest.param("7", 7, id="text as integer"),
        pytest.param("7.0", 7, id="text of a float as integer"),
        pytest.param(1.5, "1.5", id="fraction as text"),
        pytest.param(1.5, "1.50", id="fraction as another text"),
        pytest.param("1.50", 1.5, id="text as fraction"),
        pytest.param("1e3", 1000, id="text with an exponent as integer"),
        pytest.param("-7", -7, id="text as negative integer"),
        pytest.param(0, "0", id="zero as text"),
        pytest.param("0", 0, id="text as zero"),
        pytest.param(True, "true", id="true as text"),
        pytest.param(True, "True", id="true as a text of Python"),
        pytest.param("true", True, id="text as true"),
        pytest.param(False, "false", id="false as text"),
        pytest.param("false", False, id="text as false"),
        pytest.param("1.50", tagged("decimal", "1.50"), id="text as decimal"),
        pytest.param("1.50", tagged("decimal", "1.5"), id="text as another decimal"),
        pytest.param(1.5, tagged("decimal", "1.50"), id="fraction as decimal"),
        pytest.param(7, tagged("decimal", "7.00"), id="integer as decimal"),
        pytest.param(0, tagged("decimal", "0.00"), id="zero as decimal"),
        pytest.param(BIG, tagged("integer", f"{BIG}"), id="integer as BigInt"),
        pytest.param(f"{BIG}", tagged("integer", f"{BIG}"), id="text as BigInt"),
        pytest.param("NaN", tagged("number", "NaN"), id="text as NaN"),
        pytest.param(90, tagged("duration", "90.0"), id="seconds as duration"),
        pytest.param("2026-11-19", tagged("date", "2026-11-19"), id="text as date"),
        pytest.param("16:04:10", tagged("time", "16:04:10"), id="text as time"),
        pytest.param("open", tagged("object", "open"), id="text as object"),
    ],
)
def test_a_value_with_the_same_text_as_the_sent_value_counts_as_passed_on(sent: Any, after: Any) -> None:
    assert effect(sent, after) is PASSED_ON


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        pytest.param(MOMENT, moment("2026-11-19T16:04:10+00:00"), id="another zone of the same offset"),
        pytest.param("2026-11-19T21:34:10+05:30", moment(MOMENT), id="another offset"),
        pytest.param("2026-11-19 16:04:10Z", moment(MOMENT), id="a space"),
        pytest.param("2026-11-19t16:04:10z", moment(MOMENT), id="lower case"),
        pytest.param("2026-11-19T16:04:10+0000", moment(MOMENT), id="no colon"),
        pytest.param("2026-11-19T16:04Z", moment("2026-11-19T16:04:00Z"), id="no seconds"),
        pytest.param("2026-11-19T16:04:10.5Z", moment("2026-11-19T16:04:10.500000Z"), id="fraction"),
        pytest.param("2026-11-19T16:04:10.123999999Z", moment("2026-11-19T16:04:10.123Z"), id="cut"),
        pytest.param("2026-11-19T16:04:10.123999999Z", moment("2026-11-19T16:04:10.124Z"), id="rounded"),
        pytest.param("2026-11-19T16:04:10.123456789Z", moment("2026-11-19T16:04:10.123456Z"), id="micro"),
        pytest.param("2026-11-19T16:04:10", moment("2026-11-19T16:04:10"), id="no zone"),
        pytest.param("2026-11-19 16:04:10", moment("2026-11-19T16:04:10"), id="no zone and a space"),
        pytest.param("16:04:10Z", tagged("time", "16:04:10+00:00"), id="time"),
        pytest.param("2026-11-19 16:04:10Z", MOMENT, id="as text"),
    ],
)
def test_a_sent_time_counts_as_passed_on_in_any_notation_and_time_zone(sent: str, after: Any) -> None:
    assert effect(sent, after) is PASSED_ON


@pytest.mark.parametrize(
    ("sent", "after"),
    [
        pytest.param(7, 8, id="another integer"),
        pytest.param(7, True, id="integer as boolean"),
        pytest.param(1, True, id="one as true"),
        pytest.param(True, 1, id="true as one"),
        pytest.param("N/A", "0", id="text of zero"),
        pytest.param(None, "null", id="text of null"),
        pytest.param(None, "None", id="text of Python's null"),
        pytest.param("yes", True, id="word as boolean"),
        pytest.param("a", "A", id="another letter case"),
        pytest.param("1,234", 1, id="cut number"),
        pytest.param(1.5, 2, id="rounded"),
        pytest.param(BIG, BIG - 1, id="big integer as double"),
        pytest.param("N/A", tagged("number", "NaN"), id="NaN"),
        pytest.param([7], "[7]", id="list as text"),
        pytest.param([7], 8, id="sum of a list"),
        pytest.param({}, "[object Object]", id="object as text"),
        pytest.param(GONE, "undefined", id="absent as text"),
        pytest.param("2026-11-19T16:04:10", moment(MOMENT), id="zone assumed"),
        pytest.param(MOMENT, moment("2026-11-19T16:04:10"), id="zone dropped"),
        pytest.param(MOMENT, moment("2026-11-19T16:04:10.001Z"), id="a millisecond later"),
        pytest.param("2026-11-19", moment("2026-11-19T00:00:00"), id="date at midnight"),
        pytest.param("2026-11-20T00:00:00Z", tagged("date", "2026-11-20"), id="time dropped"),
        pytest.param(1795104250, moment("1970-01-21T18:38:24Z"), id="seconds as milliseconds"),
        pytest.param("2026-13-45T99:99:99Z", moment(MOMENT), id="no moment"),
    ],
)
def test_a_different_value_is_altered(sent: Any, after: Any) -> None:
    assert effect(sent, after) is ALTERED


@pytest.mark.parametrize(
    "after",
    [
        GONE,
        None,
        "",
        [],
        {},
        0,
        0.0,
        False,
        tagged("decimal", "0.00"),
        tagged("integer", "0"),
        tagged("duration", "0.0"),
    ],
    ids=repr,
)
def test_a_value_that_becomes_absent_empty_zero_or_false_is_lost(after: Any) -> None:
    assert effect("N/A", after) is LOST


@pytest.mark.parametrize(("sent", "after"), [("[]", []), ("{}", {}), ("null", None)])
def test_values_other_than_numbers_and_booleans_are_not_compared_as_text(sent: str, after: Any) -> None:
    assert effect(sent, after) is LOST


@pytest.mark.parametrize("after", [None, "", [], {}, 0, False], ids=repr)
def test_an_absent_value_is_passed_on_only_if_it_is_also_absent_from_the_result(after: Any) -> None:
    assert effect(GONE, after) is LOST


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        pytest.param({"x": {"a": "unknown", "c": 1}}, LOST, id="the same"),
        pytest.param({"x": {"a": "other", "c": 1}}, ALTERED, id="another"),
        pytest.param({"x": {"a": "before", "c": 1}}, ALTERED, id="no difference"),
        pytest.param({"x": {"a": "before", "c": "unknown"}}, ALTERED, id="at another path"),
        pytest.param({"x": {"c": 1}}, ALTERED, id="absent"),
        pytest.param(GONE, ALTERED, id="nothing at all"),
        pytest.param(..., ALTERED, id="no such property"),
    ],
)
def test_a_default_for_an_absent_property_counts_as_lost(default: Any, expected: Effect) -> None:
    assert effect("N/A", "unknown", default=default) is expected


def test_the_default_1_is_distinguished_from_true() -> None:
    assert effect("N/A", True, default={"x": {"a": 1, "c": 1}}) is ALTERED


@pytest.mark.parametrize("after", ["before", "N/A", None], ids=["no effect", "passed on", "lost"])
def test_the_default_is_computed_only_if_the_value_would_count_as_altered(after: Any) -> None:
    comparison = Comparison(b'{"a": 1}', Returned('"before"'), Returned('"before"'))

    def default(_: object) -> str:
        raise AssertionError

    comparison.finding(b'{"a": "N/A"}', json.dumps(after), is_legal=False, default=default)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param({"a": "N/A", "b": None, "c": 9}, Finding(ALTERED, ("c",), 1, 9), id="altered first"),
        pytest.param({"a": "N/A", "b": None, "c": 1}, Finding(LOST, ("b",), 1, None), id="then lost"),
        pytest.param({"a": "N/A", "b": 1, "c": 1}, Finding(PASSED_ON, ("a",), 1, "N/A"), id="then passed on"),
        pytest.param({"a": 8, "b": 1, "c": 9}, Finding(ALTERED, ("a",), 1, 8), id="the first of several"),
        pytest.param({"a": 1, "b": 1}, Finding(LOST, ("c",), 1, ABSENT), id="an absent value"),
        pytest.param(
            {"a": 1, "b": 1, "c": moment(MOMENT)},
            Finding(ALTERED, ("c",), 1, Tagged("date-time", MOMENT)),
            id="a value that JSON lacks",
        ),
    ],
)
def test_the_most_severe_difference_determines_the_effect(after: Any, expected: Finding) -> None:
    assert compared(({"a": 1}, {"a": "N/A"}), ({"a": 1, "b": 1, "c": 1}, after)) == expected


PERSON = {"id": 1, "name": "Ann"}


@pytest.mark.parametrize(
    ("sent", "after", "expected"),
    [
        pytest.param("gone", {"by": "gone"}, PASSED_ON, id="an object replaced, and the result's object too"),
        pytest.param("gone", {"by": {"id": 1}}, LOST, id="an object replaced, and a leaf absent"),
        pytest.param(
            "gone", {"by": {"id": 1, "name": "gone"}}, PASSED_ON, id="an object replaced, and a leaf"
        ),
        pytest.param({}, {"by": {}}, PASSED_ON, id="an object emptied, and the result's object too"),
        pytest.param({}, {"by": {"id": 1}}, LOST, id="an object emptied, and a leaf absent"),
        pytest.param([PERSON], {"by": [PERSON]}, PASSED_ON, id="an object in a list, as sent"),
        pytest.param([{"id": 7}], {"by": {"id": 7, "name": "Ann"}}, PASSED_ON, id="a leaf of what was sent"),
        pytest.param([{"id": 7}], {"by": {"id": 8, "name": "Ann"}}, ALTERED, id="no leaf of what was sent"),
        pytest.param(json.dumps(PERSON), {"by": json.dumps(PERSON)}, PASSED_ON, id="an object as text"),
        pytest.param(
            ["x", {"at": MOMENT}],
            {"by": [{"other_name": moment("2026-11-19T16:04:10+00:00")}, "x"]},
            PASSED_ON,
            id="sent values in another order and under another name",
        ),
        pytest.param(["x"], {"by": ["x", "y"]}, ALTERED, id="a list with a value that was not sent"),
        pytest.param({"data": PERSON}, {"by": {"data": PERSON}}, PASSED_ON, id="an object in an object"),
        pytest.param({"data": PERSON}, {"by": {"id": None, "name": ""}}, LOST, id="not found in an object"),
        pytest.param({"name": "Ann"}, {"by": {"name": "Ann"}}, PASSED_ON, id="a property left out"),
        pytest.param({"name": "Ann"}, {"by": None}, LOST, id="an object lost for a property"),
        pytest.param({"name": "Ann", "ID": 1}, {"by": {"name": "Ann", "ID": 1}}, PASSED_ON, id="renamed"),
        pytest.param({"name": "Ann", "ID": 1}, {"by": {"name": "Ann", "id": 0}}, LOST, id="renamed and lost"),
    ],
)
def test_values_inside_objects_and_lists_are_compared(sent: Any, after: Any, expected: Effect) -> None:
    assert compared(({"by": PERSON}, {"by": sent}), ({"by": PERSON}, after)).effect is expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({"ids": [1, 2], "two": 2}, LOST, id="a cursor absent"),
        pytest.param({"next": "page", "two": 2}, LOST, id="a list absent"),
        pytest.param({"ids": [1], "next": "page", "two": 2}, PASSED_ON, id="an item absent"),
        pytest.param({"ids": [1, 2], "next": "page"}, PASSED_ON, id="the item's property absent"),
    ],
)
def test_an_item_that_the_client_skips_is_lost_unless_the_server_left_it_out(
    sent: dict[str, Any], expected: Effect
) -> None:
    valid = {"ids": [1, 2], "next": "page", "two": 2}
    assert compared((valid, sent), ([1, 2, 3], [1, 3])).effect is expected


def test_an_emptied_object_is_lost_even_if_its_only_property_was_not_sent() -> None:
    assert compared((PERSON, {"id": 1}), ({"it": {"name": "Ann"}}, {"it": {}})).effect is LOST


@pytest.mark.parametrize(
    ("body", "after", "expected"),
    [
        pytest.param(b"", GONE, PASSED_ON, id="no body, nothing returned"),
        pytest.param(b"", None, LOST, id="no body, null returned"),
        pytest.param(b" \n", GONE, LOST, id="white space, nothing returned"),
        pytest.param(b"<html>", "<html>", PASSED_ON, id="HTML returned"),
        pytest.param(b"<html>", {"a": "<html>"}, PASSED_ON, id="HTML in a property"),
        pytest.param(b"<html>", {"a": "html"}, ALTERED, id="a part of HTML"),
        pytest.param(b'{"a": 1', {}, LOST, id="a body without its end"),
        pytest.param(b'{"a": 1', {"a": 2}, ALTERED, id="another value from a body without its end"),
        pytest.param(b'{"a": NaN}', {"a": tagged("number", "NaN")}, PASSED_ON, id="NaN"),
        pytest.param(b'{"a": -Infinity}', {"a": tagged("number", "-Infinity")}, PASSED_ON, id="infinity"),
        pytest.param(b'{"a": NaN}', {"a": None}, LOST, id="null for NaN"),
        pytest.param(b'{"a": 1, "a": 2}', {"a": 2}, PASSED_ON, id="the last of two equal keys"),
        pytest.param(b'{"a": 1, "a": 2}', {"a": 3}, ALTERED, id="neither of two equal keys"),
        pytest.param(b'{"a": "\xff"}', {"a": "\ufffd"}, PASSED_ON, id="a wrong byte replaced"),
        pytest.param(b'{"a": "\xff"}', {"a": "\xff"}, ALTERED, id="a wrong byte in another encoding"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', {"a": 0}, LOST, id="a byte order mark"),
        pytest.param(b'{"a": 1}', {"a": 2}, ALTERED, id="the valid body"),
        pytest.param(b'{"a": 1' + b"0" * 5000 + b"}", {"a": 0}, LOST, id="5,000 digits"),
        pytest.param(b'{"a": 1e999999999}', {"a": 0}, LOST, id="a huge exponent"),
        pytest.param(b"[" * 100_000, {"a": 0}, LOST, id="a deep list without an end"),
    ],
)
def test_any_body_can_be_compared(body: bytes, after: Any, expected: Effect) -> None:
    assert compared(({"a": 1}, body), ({"a": 1}, after)).effect is expected


@given(st.binary(max_size=40), st.text(max_size=40) | st.sampled_from(["{", '{"$a":', "[" * 9_999]))
def test_comparing_any_body_with_any_result_raises_no_exception(body: bytes, returned: str) -> None:
    comparison = Comparison(body, Returned('{"a":1}'), Returned('{"a":1}'))
    for is_legal in (True, False):
        comparison.finding(body, returned, is_legal=is_legal, default=lambda _: returned)


@pytest.mark.parametrize(
    ("before", "after"),
    [(moment(MOMENT), MOMENT), (150, "150"), (None, GONE), ("", GONE), ([], GONE), ({}, GONE)],
    ids=repr,
)
def test_an_unchanged_value_in_another_form_is_passed_on(before: Any, after: Any) -> None:
    """Some clients return an object unparsed if one of its properties is invalid."""
    results = {"a": "x", "same": before}, without_gone({"a": 7, "same": after})
    assert compared(({"a": "x", "same": 1}, {"a": 7, "same": 1}), results).effect is PASSED_ON


@pytest.mark.parametrize(
    ("after", "expected"),
    [({"createdAt": MOMENT}, PASSED_ON), ({"createdAt": "2026"}, ALTERED), ({"other": {}}, LOST)],
    ids=repr,
)
def test_an_unchanged_value_under_another_name_is_passed_on(after: Any, expected: Effect) -> None:
    """A client that returns an object unparsed doesn't rename its properties, either."""
    results = {"a": "x", "created_at": moment(MOMENT)}, {"a": 7, **after}
    bodies = {"a": "x", "createdAt": MOMENT}, {"a": 7, "createdAt": MOMENT}
    assert compared(bodies, results).effect is expected


@pytest.mark.parametrize(("key", "expected"), [("1970-01-19", ALTERED), ("1587168000000", PASSED_ON)])
def test_an_unchanged_value_under_a_key_that_was_not_sent_is_altered(key: str, expected: Effect) -> None:
    bodies = {"day": "2020-04-18", "amount": 14.13}, {"day": 1587168000000, "amount": 14.13}
    assert compared(bodies, ({"2020-04-18": 14.13}, {key: 14.13})).effect is expected


@pytest.mark.parametrize("after", ['{"a": 1}', tagged("bytes", "a hash")], ids=repr)
def test_a_body_that_is_returned_unread_is_passed_on(after: Any) -> None:
    assert compared(({"a": 1}, b'{"a": 1}'), ({"a": 1}, after)).effect is PASSED_ON


@pytest.mark.parametrize(("content", "expected"), [(b"sent", PASSED_ON), (b"other", ALTERED)])
def test_returned_bytes_are_compared_with_the_bytes_of_the_body(content: bytes, expected: Effect) -> None:
    before, after = (tagged("bytes", sha256(each).hexdigest()) for each in (b"valid", content))
    assert compared(("valid", b"sent"), (before, after)).effect is expected


@pytest.mark.parametrize("depth", [200, 400, 900])
@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_deeply_nested_bodies_and_results_can_be_compared(depth: int, start: str, end: str) -> None:
    first, second = (f"{start * depth}{leaf}{end * depth}" for leaf in ("1", "2"))
    comparison = Comparison(first.encode(), Returned(first), Returned(first))
    found = comparison.finding(second.encode(), second, is_legal=False, default=lambda _: None)
    assert (comparison.not_comparable, found.effect) == ("", PASSED_ON)


NOW = {"at": "16:04:10", "items": [{"n": 1, "key": "x1"}, {"n": 2, "key": "y1"}], "of": {"a": 1}}
LATER = {"at": "16:04:11", "items": [{"n": 1, "key": "x2"}, {"n": 2, "key": "y2"}], "of": {"a": 2}}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param({**NOW, "at": "16:04:12"}, NO_EFFECT, id="another value"),
        pytest.param({**NOW, "at": None}, NO_EFFECT, id="lost"),
        pytest.param({**NOW, "at": {"h": 16}}, NO_EFFECT, id="another kind"),
        pytest.param({**NOW, "items": [{"n": 1, "key": 3}, {"n": 2, "key": 4}]}, NO_EFFECT, id="in a list"),
        pytest.param({**NOW, "items": [{"n": 1, "key": 3}, {"n": 9, "key": 4}]}, ALTERED, id="beside it"),
        pytest.param({**NOW, "of": None}, LOST, id="above it"),
        pytest.param(LATER, NO_EFFECT, id="the second result"),
    ],
)
def test_values_that_differ_between_two_valid_calls_are_ignored(after: Any, expected: Effect) -> None:
    assert compared(({"a": 1}, {"a": "N/A"}), (NOW, after), again=LATER).effect is expected


def test_values_below_a_path_that_differs_between_two_calls_are_ignored() -> None:
    found = compared(
        ({"a": 1}, {"a": 2}), ({"b": {"c": 1}, "d": 1}, {"b": {"c": 3}, "d": 1}), again={"b": 0, "d": 1}
    )
    assert found.effect is NO_EFFECT


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        pytest.param(Returned(), Returned(), "the client returned nothing", id="nothing"),
        pytest.param(Returned("null"), Returned("null"), "the client returned nothing", id="null"),
        pytest.param(Returned("", "an open file"), Returned(), "an open file", id="the first has a reason"),
        pytest.param(
            Returned("1"), Returned("", "an open file"), "an open file", id="the second has a reason"
        ),
        pytest.param(
            Returned("1"), Returned("2"), "the client returned a different result each time", id="scalars"
        ),
        pytest.param(
            Returned("1"), Returned(), "the client returned a different result each time", id="once"
        ),
        pytest.param(
            Returned("[1]"), Returned("{}"), "the client returned a different result each time", id="kinds"
        ),
        pytest.param(
            Returned('{"a":[1],"b":2}'),
            Returned('{"a":[3],"b":4}'),
            "the client returned a different result each time",
            id="every leaf",
        ),
        pytest.param(Returned('{"a":[1],"b":2}'), Returned('{"a":[3],"b":2}'), "", id="some leaves"),
        pytest.param(Returned("0"), Returned("0"), "", id="zero"),
        pytest.param(Returned("[]"), Returned("[]"), "", id="an empty list"),
        pytest.param(Returned('""'), Returned('""'), "", id="an empty text"),
        pytest.param(Returned("false"), Returned("false"), "", id="false"),
    ],
)
def test_a_reason_is_stated_if_a_result_cannot_be_compared(
    first: Returned, second: Returned, reason: str
) -> None:
    assert Comparison(b"{}", first, second).not_comparable == reason


@pytest.mark.parametrize(
    ("valid", "before"),
    [
        pytest.param("open", "open", id="text"),
        pytest.param(150, 150, id="integer"),
        pytest.param(-150, -150, id="negative integer"),
        pytest.param(100.5, 100.5, id="fraction"),
        pytest.param(150, "150", id="integer as text"),
        pytest.param("150", 150, id="text as integer"),
        pytest.param(150, tagged("decimal", "150.00"), id="integer as decimal"),
        pytest.param(MOMENT, moment("2026-11-19T16:04:10+00:00"), id="moment"),
        pytest.param(MOMENT, moment("2026-11-19T16:04:10"), id="moment without its zone"),
        pytest.param(
            "2026-11-19T16:04:10+05:30", moment("2026-11-19T16:04:10"), id="moment without its offset"
        ),
        pytest.param("2026-11-19", tagged("date", "2026-11-19"), id="date"),
        pytest.param([150, 7], [150, 7], id="list"),
        pytest.param({"a": 150}, {"a": 150}, id="object"),
    ],
)
@pytest.mark.parametrize(("after", "expected"), [(None, LOST), ("?", ALTERED), ("sent", PASSED_ON)])
def test_a_legal_value_has_an_effect_where_the_client_returned_the_valid_value(
    valid: Any, before: Any, after: Any, expected: Effect
) -> None:
    assert legal(valid, "sent", before, after, name="x") is expected


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(151, id="another number"),
        pytest.param(True, id="a boolean"),
        pytest.param(moment("2026-11-19T16:04:11Z"), id="another moment"),
        pytest.param([150], id="a list with the value"),
    ],
)
@pytest.mark.parametrize("valid", [150, "open", MOMENT])
def test_a_legal_value_is_passed_on_where_the_client_returned_something_else(valid: Any, before: Any) -> None:
    assert legal(valid, "sent", before, None) is PASSED_ON


@pytest.mark.parametrize("valid", [0, 1, 99, -99, 99.5, "99", True, False, None, "", [], {}], ids=repr)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("amount", ALTERED),
        ("Amount", ALTERED),
        ("_amo-unt", ALTERED),
        ("count", PASSED_ON),
        ("amounts", PASSED_ON),
    ],
)
def test_a_common_value_is_matched_only_under_the_same_name(valid: Any, name: str, expected: Effect) -> None:
    assert legal(valid, "sent", valid, "?", name=name) is expected


@pytest.mark.parametrize(("name", "expected"), [("amounts", ALTERED), ("counts", PASSED_ON)])
def test_a_list_item_is_matched_by_its_lists_name(name: str, expected: Effect) -> None:
    bodies = {"amounts": [1, 2]}, {"amounts": [1, 700]}
    assert compared(bodies, ({name: [1, 2]}, {name: [1, "?"]}), is_legal=True).effect is expected


@pytest.mark.parametrize(
    ("valid", "sent"),
    [
        pytest.param("open", GONE, id="a property left out"),
        pytest.param(GONE, "open", id="a new property"),
        pytest.param("open", "open", id="the same"),
    ],
)
def test_a_legal_response_causes_no_fault_if_no_value_was_replaced(valid: Any, sent: Any) -> None:
    bodies = without_gone({"a": valid, "b": 1}), without_gone({"a": sent, "b": 1})
    found = [
        compared(bodies, ({"a": "open"}, after), is_legal=True).effect
        for after in ({"a": "?"}, {"a": None}, {}, {"a": "open", "b": "?"})
    ]
    assert found == [PASSED_ON] * 4


def test_a_legal_value_that_changes_a_computed_figure_is_not_a_fault() -> None:
    orders, others = [{"total": 150}, {"total": 250}], [{"total": 150}, {"total": 350}]
    assert compared((orders, others), (400, 500), is_legal=True) == Finding(PASSED_ON, (), 400, 500)
