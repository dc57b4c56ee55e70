"""The effect of a response: what the client's caller gets, compared with the valid response."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from attrs import frozen

from contract_kit.read.paths import Path
from contract_kit.serve.returned import Returned

from .trees import (
    ABSENT,
    Difference,
    Tagged,
    canonical,
    differences,
    leaves,
    number,
    returned_value,
    sent_value,
)

_COMMON = 100
"""Numbers below this limit often occur in unrelated places."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ])?[0-9]{2}:[0-9]{2}")
"""Matches the beginning of a string that contains a time of day."""
_ZONE = re.compile(r"([Zz]|[+-][0-9]{2}:?[0-9]{2})$")


class Effect(enum.StrEnum):
    """What the caller gets from a response, compared with what it gets from the valid response.

    NO_EFFECT: the same value. PASSED_ON: the value that the server sent. LOST: nothing, an empty value or a
    default. ALTERED: any other value.
    """

    NO_EFFECT = "no effect"
    PASSED_ON = "passed on"
    LOST = "lost"
    ALTERED = "altered"


@frozen
class Finding:
    """A response's effect, and the difference that determines it.

    Attributes:
        path: The path to the difference in what the client returned.
        before: The value that the caller gets from the valid response.
        after: The value that the caller gets from the response.
    """

    effect: Effect
    path: Path = ()
    before: Any = ABSENT
    after: Any = ABSENT


@frozen
class Comparison:
    """Compares what a client returns for a response with what it returned for the valid response.

    Attributes:
        sent: The valid response's body.
        first: What the client returned for the valid response.
        second: What the client returned for the same response the second time. Values that differ between the
            two are ignored, and so are new members of an object or list whose members differ.
    """

    sent: bytes
    first: Returned
    second: Returned

    @functools.cached_property
    def not_comparable(self) -> str:
        """Why the values that the client returns can't be compared; empty if they can be."""
        if reason := self.first.not_comparable or self.second.not_comparable:
            return reason
        if self._value is None or self._value is ABSENT:
            return "the client returned nothing"
        if isinstance(self._value, Tagged) and self._value.kind == "object":
            return f"the client returned an object without public attributes ({self._value.text})"
        if all(self._is_volatile(path) for path, _ in leaves(self._value)):
            return "the client returned a different result each time"
        return ""

    def finding(
        self,
        sent: bytes,
        returned: str,
        *,
        is_legal: bool,
        default: Callable[[Sequence[Difference]], str | None],
        metadata: Iterable[str] = (),
    ) -> Finding:
        """Return the effect of another response.

        Args:
            sent: The response's body.
            returned: What the client returned for this response.
            is_legal: Whether the document allows the response. If so, a value counts as lost or altered only
                if the client returned the valid value of something that the server changed.
            default: Takes the differences between the two bodies, and returns what the client returns if the
                changed property is absent, or None if there is no such property. It is called only if the
                effect would otherwise be ALTERED.
            metadata: What the server sent besides the body: the status and the header values.
        """
        if returned == self.first.text:
            return Finding(Effect.NO_EFFECT)
        found = self._changes(returned)
        body = sent_value(sent)
        changed = differences(self._body, body) if found else []
        sent_readings = _all_readings((*(each.after for each in changed), *metadata))
        # A client might return the body unchanged: as a string, or as bytes, which are compared by hash.
        sent_readings |= {("text", sent.decode(errors="replace")), ("text", sha256(sent).hexdigest())}
        other = [
            each
            for each in found
            if _is_skipped(each, changed) or any(map(sent_readings.isdisjoint, _inner(each.after)))
        ]
        gone = _all_readings(each.before for each in found if each.after is ABSENT)
        is_renamed = any(each.before is ABSENT for each in found)
        steps = {step for path, _ in leaves(body) for step in path} if is_renamed else set()
        names = sent_readings.union(*map(_readings, steps))
        come = _all_readings(each.after for each in found if _is_named(each, names))
        rest = [each for each in other if not _is_same(each, gone, come, names)]
        if is_legal:
            rest = _of_changed_values(rest, changed)
        altered = [each for each in rest if not _is_nothing(each.after)]
        if altered and (text := default(changed)) is not None:
            defaults = {(each.path, canonical(each.after)) for each in self._changes(text)}
            altered = [each for each in altered if (each.path, canonical(each.after)) not in defaults]
        for effect, deciding in ((Effect.ALTERED, altered), (Effect.LOST, rest), (Effect.PASSED_ON, found)):
            for each in deciding[:1]:
                return Finding(effect, each.path, each.before, each.after)
        return Finding(Effect.NO_EFFECT)

    def change(self, again: Returned) -> Difference | None:
        """Return how another result for the valid response differs from the first; None if it doesn't."""
        found = [] if self.not_comparable else self._changes(again.text)
        return found[0] if found else None

    @functools.cached_property
    def _value(self) -> Any:
        return returned_value(self.first.text)

    @functools.cached_property
    def _body(self) -> Any:
        return sent_value(self.sent)

    @functools.cached_property
    def _volatile(self) -> dict[Path, Difference]:
        return {each.path: each for each in differences(self._value, returned_value(self.second.text))}

    @functools.cached_property
    def _growing(self) -> set[Path]:
        return {path[:-1] for path, each in self._volatile.items() if ABSENT in (each.before, each.after)}

    def _is_volatile(self, path: Path) -> bool:
        return any(path[:length] in self._volatile for length in range(len(path) + 1))

    def _changes(self, returned: str) -> list[Difference]:
        found = differences(self._value, returned_value(returned))
        stable = (each for each in found if not self._is_volatile(each.path))
        return [each for each in stable if each.before is not ABSENT or each.path[:-1] not in self._growing]


def _inner(value: Any) -> Iterator[set[Hashable]]:
    """Yield the readings of each scalar in a value, because clients may rename and nest values freely."""
    return (_readings(leaf) for _, leaf in leaves(value))


def _all_readings(values: Iterable[Any]) -> set[Hashable]:
    return set().union(*(readings for each in values for readings in _inner(each)))


def _is_skipped(found: Difference, changed: Sequence[Difference]) -> bool:
    """Whether the client left an item out although the server left out neither an item nor the value."""
    if not _is_absent_item(found) or any(map(_is_absent_item, changed)):
        return False
    gone = [each for each in changed if each.after is ABSENT and not isinstance(each.before, list)]
    names = {reading for each in gone for step in each.path[-1:] for reading in _readings(step)}
    left_out = names | _all_readings(each.before for each in gone)
    return any(map(left_out.isdisjoint, _inner(found.before)))


def _is_absent_item(found: Difference) -> bool:
    return found.after is ABSENT and isinstance((None, *found.path)[-1], int)


def _is_named(found: Difference, names: set[Hashable]) -> bool:
    """Whether a value is new, and its name came from the server (the client didn't make the name up)."""
    if found.before is not ABSENT:
        return False
    return not isinstance(found.path[-1], str) or not names.isdisjoint(_readings(found.path[-1]))


def _is_same(found: Difference, gone: set[Hashable], come: set[Hashable], names: set[Hashable]) -> bool:
    """Whether a value is the same in another form: for example, a string instead of a date.

    Args:
        found: The difference.
        gone: The readings of the values that are no longer there.
        come: The readings of the values that are new, under names that the server sent.
        names: The readings of everything that the server sent as a name, or changed.
    """
    if found.before is ABSENT:
        return _is_named(found, names) and not any(map(gone.isdisjoint, _inner(found.after)))
    if found.after is ABSENT:
        return found.before in (None, "", [], {}) or not any(map(come.isdisjoint, _inner(found.before)))
    is_body = isinstance(found.after, Tagged) and found.after.kind == "bytes"
    if is_body and not isinstance(found.before, Tagged):
        return True  # the hash might be unknown because the server changes links
    return not _readings(found.before).isdisjoint(_readings(found.after))


def _is_nothing(value: Any) -> bool:
    return value is ABSENT or not value or (isinstance(value, Tagged) and 0 in _readings(value))


def _of_changed_values(found: Iterable[Difference], changed: Iterable[Difference]) -> list[Difference]:
    """Return the differences whose old value was in the valid response and was replaced in the mutant."""
    replaced = [each for each in changed if each.before is not ABSENT and each.after is not ABSENT]
    shown = [(_shown(each.before), _is_common(each.before), _name(each.path)) for each in replaced]
    return [
        each
        for each in found
        if any(
            not readings.isdisjoint(_readings(each.before)) and (not is_common or name == _name(each.path))
            for readings, is_common, name in shown
        )
    ]


def _is_common(value: Any) -> bool:
    """Whether another value is likely to be equal to this one by chance."""
    numbers = (each for each in _readings(value) if isinstance(each, int | float))
    return not value or isinstance(value, bool) or any(abs(each) < _COMMON for each in numbers)


def _name(path: Path) -> str:
    """Return the last key in a path, normalized so that `total_amount` and `totalAmount` are equal."""
    keys = [step for step in path if isinstance(step, str)]
    return re.sub("[_-]", "", keys[-1].casefold()) if keys else ""


def _shown(value: Any) -> set[Hashable]:
    """Return a sent value's readings, including the readings of a client that ignores the time zone."""
    without_zone = _moments(_ZONE.sub("", value)) if isinstance(value, str) else set()
    return _readings(value) | without_zone


def _readings(value: Any) -> set[Hashable]:
    """Return everything that a value can be read as. Two values are equivalent if they share a reading.

    Null can't be read as a string, because a caller that gets `"null"` gets the wrong string.
    """
    if value is None or value is ABSENT or isinstance(value, dict | list):
        return {canonical(value)}
    text = value.text if isinstance(value, Tagged) else f"{value}"
    as_boolean = text.lower() if text in ("True", "False") else text
    as_number = {number(text)} if _NUMBER.fullmatch(text) else set()
    return {("text", as_boolean)} | as_number | _moments(text)


def _moments(text: str) -> set[Hashable]:
    """Return a time's milliseconds, rounded down and up, or nothing if the string contains no time."""
    if not (begins := _TIME.match(text)):
        return set()
    try:
        moment = datetime.fromisoformat(text.upper() if begins[1] else f"1970-01-01T{text.upper()}")
    except ValueError:
        return set()
    since_1970 = moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo and UTC)
    whole, rest = divmod(since_1970, timedelta(milliseconds=1))
    return {(moment.tzinfo is None, each) for each in (whole, whole + bool(rest))}
