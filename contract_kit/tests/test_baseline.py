"""Baselines: which faults are worse, new or gone, and which files can't be used as baselines."""

import copy
import json
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Expect, Mutant
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import KitError
from contract_kit.judge.baseline import Baseline, read_baseline
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome

from .documents import catalogue, json_response, of_schema
from .fakes import FakeCatalogue, Write, mutant

ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "integer"},
        "status": {"enum": ["open", "paid"]},
        "payment": {
            "oneOf": [
                {"type": "object", "required": ["card"], "properties": {"card": {"type": "string"}}},
                {"type": "object", "required": ["iban"], "properties": {"iban": {"type": "integer"}}},
            ]
        },
    },
}


def document() -> dict[str, Any]:
    return of_schema({"$ref": "#/components/schemas/Order"}, Order=copy.deepcopy(ORDER))


def lenient(given: Mutant) -> Outcome:
    """Return the outcome for a client that reads only an order's status, and knows only two statuses."""
    if given.keyword is None and given.expect is not Expect.ACCEPT:
        return Outcome.REFUSED
    try:
        order = json.loads(given.response.body)
    except ValueError:
        return Outcome.REFUSED
    if not isinstance(order, dict):
        return Outcome.CRASHED
    return Outcome.ACCEPTED if order.get("status") in ("open", "paid") else Outcome.REFUSED


def run(found: Catalogue, sample: int | None = None) -> Results:
    return Results(tuple(Result.of(each, lenient(each)) for each in found.mutants((), sample)))


def written(sample: int | None = None, found: Catalogue | None = None) -> Baseline:
    """Return a run's baseline after writing it to a file and reading it back."""
    results = run(found or catalogue(document()), sample)
    return Baseline.parsed(Baseline.of(results, Strictness.MUST, sample).written())


def after(edited: dict[str, Any], baseline: Baseline, sample: int | None = None) -> Results:
    found = catalogue(edited)
    return baseline.compared(run(found, sample), found)


def found_since(results: Results) -> tuple[list[str], set[str], tuple[str, ...]]:
    """Return the ids of the faults that are worse, those that are new, and those that are gone."""
    assert results.since
    new = {each.mutant.id for each in results.new}
    return [each.mutant.id for each in results.failures], new, results.since.gone


@pytest.mark.parametrize("sample", [None, 30])
def test_nothing_is_worse_new_or_gone_if_nothing_changes(sample: int | None) -> None:
    results = after(document(), written(sample), sample)
    assert found_since(results) == ([], set(), ())
    assert results.passed
    assert any(each.is_known for each in results.all)


def test_two_runs_write_the_same_bytes_with_one_line_for_each_fault() -> None:
    results = [run(catalogue(document())) for _ in range(2)]
    one, other = (Baseline.of(each, Strictness.MUST, None).written() for each in results)
    assert one == other
    faults = [each.mutant.id for each in results[0].all if each.verdict.is_fault]
    listed = one.decode().partition('"verdicts"')[2].splitlines()
    assert [line.split('": "')[0].strip(' "') for line in listed if '": "' in line] == sorted(faults)


def test_a_baseline_contains_no_bodies_addresses_or_details() -> None:
    found = Baseline.of(
        Results((Result.of(mutant("a"), Outcome.CRASHED, "127.0.0.1:41234"),)), Strictness.MUST, None
    )
    assert found.verdicts == {"a": Verdict.CRASHED}
    assert b"127.0.0.1" not in found.written()


def test_faults_on_an_added_property_are_new() -> None:
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["note"] = {"type": "string"}
    worse, new, gone = found_since(after(edited, written()))
    assert (worse, gone) == ([], ())
    assert new
    assert all("note" in each for each in new)


def test_faults_on_an_added_operation_are_new() -> None:
    edited = document()
    edited["paths"]["/other"] = {
        "get": {"operationId": "other", "responses": {"200": json_response({"type": "object"})}}
    }
    worse, new, gone = found_since(after(edited, written()))
    assert (worse, gone) == ([], ())
    assert new
    assert all(each.startswith("other:") for each in new)


def test_a_fault_on_a_keyword_added_to_a_known_property_is_new() -> None:
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["id"]["minimum"] = 1
    worse, new, gone = found_since(after(edited, written()))
    assert (worse, gone) == ([], ())
    assert new
    assert all("minimum" in each for each in new)


def test_reordering_branches_makes_no_fault_worse_or_gone() -> None:
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["payment"]["oneOf"].reverse()
    worse, _, gone = found_since(after(edited, written()))
    assert (worse, gone) == ([], ())


def test_a_value_added_to_an_enum_counts_as_worse_if_the_client_refuses_it() -> None:
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["status"]["enum"].append("late")
    results = after(edited, written())
    worse, new, gone = found_since(results)
    assert (new, gone) == (set(), ())
    assert len(worse) == 1
    assert "late" in worse[0]
    assert results.is_faulty


def test_only_the_new_value_counts_as_worse_if_added_at_the_front_of_an_enum(client: Write) -> None:
    strict = client(
        """\
with urllib.request.urlopen(url + "/thing") as response:
    if json.load(response)["status"] not in ("open", "paid"): raise RefusedError
""",
        *("client:RefusedError", "builtins:OSError", "builtins:ValueError", "http.client:HTTPException"),
    )
    baseline = Baseline.of(run_client(catalogue(document()), strict), Strictness.MUST, None)
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["status"]["enum"].insert(0, "late")
    found = catalogue(edited)
    worse, new, gone = found_since(baseline.compared(run_client(found, strict), found))
    assert worse == ['getThing:200:enum-value="late":/status']
    assert (new, gone) == (set(), ())


def test_faults_on_a_removed_property_are_gone() -> None:
    edited = document()
    del edited["components"]["schemas"]["Order"]["properties"]["id"]
    worse, new, gone = found_since(after(edited, written()))
    assert (worse, new) == ([], set())
    assert gone
    assert all("id" in each for each in gone)


@pytest.mark.parametrize(("fail_on", "passed"), [((), True), (("new",), True), (("new", "gone"), False)])
def test_gone_faults_fail_a_run_only_if_requested(fail_on: tuple[str, ...], passed: bool) -> None:
    baseline = Baseline(Strictness.MUST, None, frozenset(), {}, {"a": Verdict.CRASHED}, 50, 3)
    results = baseline.compared(Results(()), FakeCatalogue(()), fail_on=fail_on)
    assert (results.passed, results.is_faulty) == (passed, not passed)


@pytest.mark.parametrize("allow_uncovered", [False, True])
def test_gone_faults_fail_a_run_if_a_reference_is_broken(allow_uncovered: bool) -> None:
    edited = document()
    edited["components"]["schemas"]["Order"]["properties"]["payment"] = {
        "$ref": "#/components/schemas/Paymnt"
    }
    edited["paths"]["/other"] = {"get": {"responses": {"200": json_response({"type": "object"})}}}
    found = catalogue(edited)
    results = evolve(run(found), skipped=tuple(found.gaps()), allow_uncovered=allow_uncovered)
    compared = written().compared(results, found)
    assert compared.since
    assert compared.since.gone
    assert (compared.is_faulty, compared.passed) == (not allow_uncovered, allow_uncovered)


def test_a_fault_whose_mutant_was_not_sampled_does_not_count_as_gone() -> None:
    results = after(document(), written(), 5)
    assert found_since(results) == ([], set(), ())


def test_a_fault_missing_from_the_baselines_sample_is_new() -> None:
    worse, new, gone = found_since(after(document(), written(5)))
    assert (worse, gone) == ([], ())
    assert new


def test_a_fault_counts_as_gone_only_if_its_operation_was_tested() -> None:
    found = FakeCatalogue(())
    baseline = Baseline(
        Strictness.MUST, None, frozenset(), {}, {f"{name}:200:a": Verdict.CRASHED for name in "ab"}, 50, 3
    )
    assert list(baseline.gone(found, (), ["a"])) == ["a:200:a"]
    assert list(baseline.gone(found, ())) == ["a:200:a", "b:200:a"]


@pytest.mark.parametrize(
    ("earlier", "outcome", "is_known", "is_better"),
    [
        (Verdict.WRONGLY_ACCEPTED, Outcome.ACCEPTED, True, False),
        (Verdict.CRASHED, Outcome.HUNG, False, False),
        (Verdict.CRASHED, Outcome.ACCEPTED, True, True),
        (Verdict.WRONGLY_ACCEPTED, Outcome.REFUSED, False, True),
        (Verdict.INCONCLUSIVE, Outcome.ACCEPTED, False, False),
        (Verdict.INCONCLUSIVE, Outcome.NOT_REQUESTED, True, False),
        (Verdict.CRASHED, Outcome.NOT_REQUESTED, False, False),
        (None, Outcome.ACCEPTED, False, False),
        (None, Outcome.NOT_REQUESTED, False, False),
        (None, Outcome.REFUSED, False, False),
    ],
)
def test_a_fault_in_the_baseline_is_known_unless_it_became_more_severe(
    earlier: Verdict | None, outcome: Outcome, is_known: bool, is_better: bool
) -> None:
    right = Result.of(mutant("a"), Outcome.REFUSED)
    known = Baseline.of(Results((right,)), Strictness.MUST, None)
    baseline = evolve(known, verdicts={"a": earlier} if earlier else {})
    results = baseline.compared(Results((Result.of(mutant("a"), outcome, "why"),)), FakeCatalogue(()))
    assert results.since
    assert (results.all[0].is_known, results.all[0].is_new) == (is_known, False)
    assert results.since.better == is_better
    assert results.passed is (is_known or outcome is Outcome.REFUSED)


def test_an_unserved_mutant_is_neither_added_to_the_baseline_nor_known() -> None:
    control = Result.of(mutant("getOrder:control", group="control"), Outcome.INCONCLUSIVE, "said no")
    unserved = Result.of(mutant("a"), Outcome.INCONCLUSIVE)
    results = Results((unserved,), controls=(control,))
    baseline = Baseline.of(results, Strictness.MUST, None)
    assert baseline.verdicts == {"getOrder:control": Verdict.INCONCLUSIVE}
    compared = baseline.compared(results, FakeCatalogue(()))
    assert compared.passed
    assert (compared.all[0].is_known, compared.all[0].is_new) == (False, False)
    later = baseline.compared(Results((Result.of(mutant("a"), Outcome.ACCEPTED),)), FakeCatalogue(()))
    assert later.all[0].is_new


@pytest.mark.parametrize("sample", [None, 9])
def test_a_refused_valid_response_is_new_only_if_the_baseline_served_none(sample: int | None) -> None:
    valid = evolve(mutant("getOrder:control", operator="valid-response"), place="getOrder:200")
    control = Result.of(valid, Outcome.INCONCLUSIVE, "said no")
    for served, is_new in ((mutant("a"), False), (mutant("a", base="404"), False), (None, True)):
        before = Results((Result.of(served, Outcome.REFUSED),) if served else ())
        baseline = Baseline.of(before, Strictness.MUST, sample)
        results = baseline.compared(Results((), controls=(control,)), FakeCatalogue(()))
        assert (results.controls[0].is_new, results.passed) == (is_new, is_new)


VALID = json.loads(Baseline(Strictness.MUST, None, frozenset({"GET /thing"}), {}, {}, 50, 3).written())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(VALID)[:-9],
        "",
        "7",
        "[]",
        "{}",
        "\x00",
        '"\udcff"',
        "[" * 100_000,
        *(
            json.dumps({name: value for name, value in VALID.items() if name != left_out})
            for left_out in VALID
        ),
        *(json.dumps(VALID | {name: 7.5}) for name in VALID),
        *(json.dumps(VALID | {name: ["a"]}) for name in VALID if name != "operations"),
        *(json.dumps(VALID | {"sample": each}) for each in (0, -1, True, 10**30)),
        *(json.dumps(VALID | {"robustness": each}) for each in (-1, 101, False, 10**30)),
        *(json.dumps(VALID | {"not_read": each}) for each in (-1, True, None, 10**30)),
        json.dumps(VALID | {"version": 1}),
        json.dumps(VALID | {"verdicts": {"a": "fine"}}),
    ],
)
def test_a_file_that_is_not_a_baseline_of_this_version_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(KitError, match="this version"):
        read_baseline(file, catalogue(document()))


def test_an_endless_baseline_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(KitError, match="regular file"):
            read_baseline(path, catalogue(document()))


@pytest.mark.parametrize(
    ("path", "strictness", "expected"),
    [
        ("/thing/{id}", Strictness.MUST, ""),
        ("/thing/{thing}", Strictness.MUST, ""),
        ("/things/{id}", Strictness.MUST, "another document"),
        ("/thing/{id}", Strictness.MAY, "--strictness may"),
    ],
)
def test_a_baseline_must_share_an_operation_and_the_strictness_with_the_run(
    tmp_path: Path, path: str, strictness: Strictness, expected: str
) -> None:
    edited = document()
    identified = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    edited["paths"] = {"/thing/{id}": edited["paths"]["/thing"] | {"parameters": identified}}
    file = tmp_path / "baseline.json"
    operation = next(catalogue(edited).mutants((), 1)).operation
    before = Results((Result.of(mutant("a", operation=evolve(operation, path=path)), Outcome.REFUSED),))
    file.write_bytes(Baseline.of(before, strictness, None).written())
    with pytest.raises(KitError, match=expected) if expected else nullcontext():
        read_baseline(file, catalogue(edited))
