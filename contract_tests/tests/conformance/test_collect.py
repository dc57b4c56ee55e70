"""Properties of reading bodies that break the contract: valid parts are kept, and paths are correct."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from attrs import frozen
from bluejay_api.decoding import decode
from bluejay_api.models import SimulationResultsResponse
from bluejay_contract.contract import Contract
from bluejay_contract.operations import RESULTS
from bluejay_contract.stub import SCENARIOS
from bluejay_results import ContractViolationError, Outcome, SimulationRun
from bluejay_results.results.ids import USABLE_ID
from bluejay_results.results.valid_parts import without_indexes
from contract_kit.read.graph import UNCONSTRAINED, Node
from contract_kit.read.paths import Path, json_path, replaced
from hypothesis import given
from hypothesis import strategies as st

from ..fuzz.judging import judge
from ..invalid_bodies import broken_bodies
from ..oracle.cases import cases
from ..strategies import bodies, run_bodies
from .comparison import compare

CONTRACT = Contract.load()
SCENARIO_NAMES = ("settled", "under_way", "advancing", "still_evaluating", "unknown_status", "null_results")


def _everyday() -> Iterator[Any]:
    """Yield the stub's runs, with three conversations each, so that counterexamples are short."""
    for body in (body for name in SCENARIO_NAMES for body in SCENARIOS[name].bodies):
        document = json.loads(body)
        results = document["simulation_results"] or []
        for start in range(0, len(results) or 1, 3):
            yield document | {"simulation_results": results[start : start + 3] or None}


SOUND = st.one_of(st.sampled_from(list(_everyday())), run_bodies(CONTRACT))


@frozen
class Spoilt:
    """A valid document, and values of the wrong type with the paths to put them; no path contains another."""

    sound: Any
    wrong: dict[Path, Any]

    @property
    def document(self) -> Any:
        """The document with the wrong values in it."""
        document = self.sound
        for place, value in self.wrong.items():
            document = replaced(document, place, value)
        return document


@st.composite
def spoilt_bodies(draw: st.DrawFn) -> Spoilt:
    """Draw a document with one to three invalid values."""
    sound = draw(SOUND)
    wrong = dict(_wrong(CONTRACT.operations[RESULTS].schema(200), sound))
    drawn = draw(st.lists(st.sampled_from(list(wrong)), min_size=1, max_size=3, unique=True))
    outermost = [each for each in drawn if not any(each[:length] in drawn for length in range(len(each)))]
    return Spoilt(sound, {place: wrong[place] for place in outermost})


def _wrong(schema: Node, document: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path of each typed value except the run itself, with a value of the wrong type."""
    for option in CONTRACT.alternatives(schema):
        for step, each, inner in _children(option, document):
            place = (*path, step)
            types = _types(inner)
            if types and place != ("simulation_run",):
                yield place, 5 if "array" in types else []
            yield from _wrong(inner, each, place)


def _children(option: Node, document: Any) -> Iterator[tuple[str | int, Any, Node]]:
    if isinstance(document, dict):
        others = option.get("additionalProperties", True)
        for key, value in document.items():
            inner = option.get("properties", {}).get(key, others)
            yield key, value, inner if isinstance(inner, Node) else UNCONSTRAINED
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield index, value, option.get("items", UNCONSTRAINED)


def _types(schema: Node) -> str:
    """Return the names of the types that a schema allows; an empty string if it allows any type."""
    return " ".join(str(option.get("type", "")) for option in CONTRACT.alternatives(schema))


def _bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


def _collected(document: Any) -> SimulationRun:
    return SimulationRun.from_bytes(_bytes(document), on_violation="collect")


@given(st.one_of(broken_bodies(CONTRACT), bodies(CONTRACT), run_bodies(CONTRACT)))
def test_a_run_is_accepted_if_and_only_if_its_body_is_valid_and_its_ids_are_usable(document: Any) -> None:
    """The fuzzer's `judge` checks the properties that must hold for any bytes."""
    body, is_accepted = _bytes(document), True
    try:
        read = decode(body, SimulationResultsResponse)
        ids = [read.simulation_run.id, read.simulation_run.simulation_id]
        ids += [str(each.id) for each in read.simulation_results or ()]
        is_accepted = all(map(USABLE_ID.fullmatch, ids))
    except msgspec.DecodeError:
        is_accepted = False
    assert judge(body) is is_accepted


@given(spoilt_bodies())
def test_a_run_has_exactly_one_violation_for_each_invalid_value(spoilt: Spoilt) -> None:
    run = _collected(spoilt.document)
    assert sorted(each.path for each in run.violations) == sorted(map(json_path, spoilt.wrong))
    below = [place for place in spoilt.wrong if place[0] == "simulation_results" and len(place) > 2]
    listed = [violation.path for result in run.results for violation in result.violations]
    assert sorted(listed) == sorted(json_path(place[2:]) for place in below)


@given(st.one_of(broken_bodies(CONTRACT), spoilt_bodies().map(lambda spoilt: spoilt.document)))
def test_each_difference_between_a_run_and_the_received_body_is_listed_as_a_violation(document: Any) -> None:
    """If the client left out a list item, the entire list counts as a difference."""
    try:
        run = _collected(document)
    except ContractViolationError:
        return
    differing = {
        line.partition(": ")[0]
        for line in compare(CONTRACT, run.parts.pages[0].response, document).differences
    }
    listed = [violation.path for violation in run.violations]
    unlisted = [path for path in differing if not any(_is_at_or_below(each, path) for each in listed)]
    assert unlisted == []


def _is_at_or_below(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


@given(spoilt_bodies())
def test_invalid_values_never_decide_an_outcome_or_a_pass_rate(spoilt: Spoilt) -> None:
    """A conversation has the same outcome as in the valid document, or is unknown or under way."""
    sound, run = SimulationRun.from_bytes(_bytes(spoilt.sound)), _collected(spoilt.document)
    assert sound.is_settled or not run.is_settled
    assert run.service_pass_rate in {None, sound.service_pass_rate}
    left_out = {place[1] for place in spoilt.wrong if place[0] == "simulation_results" and len(place) == 2}
    twins = [result for index, result in enumerate(sound.results) if index not in left_out]
    # If the list itself is invalid, there are no conversations.
    for twin, result in zip(twins, run.results, strict=False):
        assert result.outcome in {twin.outcome, Outcome.UNKNOWN, Outcome.UNDER_WAY}


def test_no_invalid_value_in_the_oracles_runs_decides_its_conversations_outcome() -> None:
    """The random runs of the oracle have every field that decides an outcome."""
    deciding = set()
    for seed in range(3):
        whole, _ = cases(str(seed))
        for each in whole["simulation_results"] or ():
            document = whole | {"simulation_results": [each]}
            [sound] = SimulationRun.from_bytes(_bytes(document)).results
            for path, value in _wrong(CONTRACT.operations[RESULTS].schema(200), document):
                if path[0] == "simulation_results" and len(path) > 2:
                    [result] = _collected(replaced(document, path, value)).results
                    if result.outcome not in {sound.outcome, Outcome.UNKNOWN, Outcome.UNDER_WAY}:
                        deciding.add(without_indexes(json_path(path)))
    assert deciding == set(), "Let the client hide the outcome: results/outcome.py."
