"""The baseline: a small file that records a run, so that later runs fail only if the client gets worse."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from attrs import evolve, frozen

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import CONTROL, Mutant, Operation, control_id, key_of
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import KitError
from contract_kit.read.operations import Listed, endpoint
from contract_kit.terminal import json_safe

from .results import Result, Results, Since
from .robustness import Robustness
from .verdicts import Verdict

_FORMAT, _VERSION = "contract-kit/baseline", 2
_LARGEST = 100_000_000
"""The maximum size of a baseline, in bytes."""
_ADVICE = "Write a baseline with --write-baseline."


@frozen
class Baseline:
    """A record of what the client did in an earlier run.

    Attributes:
        strictness: The run's strictness.
        sample: The sample size; None if the run served every mutant.
        operations: The methods and paths of the operations, without the names of path parameters.
        served: The mutation operators that the run used, by the hash of their place. If the document changes,
            a sample might contain other mutants with the same place and operator, so for a sample, each hash
            is a mutant's hash. The hashes of accepted valid responses have no operator.
        verdicts: The verdict, by id, on each served mutant that the client handled wrongly, and on each valid
            response that it didn't accept.
        robustness: The robustness in percent; None if the client was judged on no broken response.
        unread: The number of fields that the client didn't read.
    """

    strictness: Strictness
    sample: int | None
    operations: frozenset[str]
    served: dict[str, frozenset[str]]
    verdicts: dict[str, Verdict]
    robustness: int | None
    unread: int

    @classmethod
    def of(cls, results: Results, strictness: Strictness, sample: int | None) -> Self:
        """Return a baseline for later runs, made from these results."""
        served = [each for each in results.all if not each.is_unserved]
        operators = defaultdict[str, set[str]](set)
        for each in served:
            operators[_hash(each.mutant, sample)].add(each.mutant.operator.name)
            for base in {"", each.mutant.base}:
                operators[_short(control_id(each.mutant.operation.id, base))]
        found = Robustness.of(results.all)
        wrong = (each for each in (*results.controls, *served) if each.verdict.severity)
        return cls(
            strictness,
            sample,
            frozenset(_endpoints(each.mutant.operation for each in (*results.controls, *results.all))),
            {name: frozenset(found) for name, found in operators.items()},
            {each.mutant.id: each.verdict for each in wrong},
            found.percent,
            len(found.unread),
        )

    def written(self) -> bytes:
        """Return the file's content. Two runs with the same verdicts produce the same bytes."""
        document = {
            "format": _FORMAT,
            "version": _VERSION,
            "strictness": self.strictness,
            "sample": self.sample,
            "operations": sorted(self.operations),
            "robustness": self.robustness,
            "not_read": self.unread,
            "served": {name: ", ".join(sorted(found)) for name, found in sorted(self.served.items())},
            "verdicts": dict(sorted(self.verdicts.items())),
        }
        return (json_safe(json.dumps(document, indent=1)) + "\n").encode()

    @classmethod
    def parsed(cls, content: bytes) -> Self:
        """Parse a baseline file.

        Raises:
            ValueError: The content isn't a baseline of this version.
        """
        try:
            found: dict[str, Any] = json.loads(content)
            if (found["format"], found["version"]) != (_FORMAT, _VERSION):
                raise ValueError
            return cls(
                Strictness(found["strictness"]),
                _whole(found["sample"], range(1, sys.maxsize), None),
                frozenset(found["operations"]),
                {name: frozenset(each.split(", ")) for name, each in found["served"].items()},
                {str(name): Verdict(each) for name, each in found["verdicts"].items()},
                _whole(found["robustness"], range(101), None),
                _whole(found["not_read"], range(sys.maxsize)),
            )
        except (KeyError, TypeError, AttributeError, RecursionError):
            raise ValueError from None

    def judged(self, result: Result) -> Result:
        """Mark a fault or an inconclusive result as known or new, unless it has become worse."""
        verdict, earlier = result.verdict, self.verdicts.get(result.mutant.id)
        if not verdict.severity or result.is_unserved:
            return result
        if earlier:
            says_less = verdict.is_inconclusive and not earlier.is_inconclusive
            return evolve(result, is_known=verdict.severity <= earlier.severity and not says_less)
        return evolve(result, is_new=not self._has_served(result.mutant))

    def _has_served(self, mutant: Mutant) -> bool:
        operators = self.served.get(_hash(mutant, self.sample))
        return operators is not None and (_is_control(mutant.id) or mutant.operator.name in operators)

    def compared(
        self,
        results: Results,
        catalogue: Catalogue,
        operations: Collection[str] = (),
        fail_on: Collection[str] = (),
    ) -> Results:
        """Compare results with this baseline, and return them with the comparison.

        Args:
            results: The results of the current run.
            catalogue: The document's mutants, all or some of which were served in the run.
            operations: The ids of the run's operations; empty for all operations.
            fail_on: What else makes the run fail: `new`, `gone`.
        """
        served = {each.mutant.id: each.verdict for each in results.all}
        conclusive = {name: each for name, each in served.items() if not each.is_inconclusive}
        both = self.verdicts.keys() & conclusive.keys()
        better = sum(conclusive[name].severity < self.verdicts[name].severity for name in both)
        gone = tuple(self.gone(catalogue, served, operations))
        return evolve(
            results,
            all=tuple(map(self.judged, results.all)),
            controls=tuple(map(self.judged, results.controls)),
            since=Since(gone, better, self.robustness, self.unread, frozenset(fail_on)),
        )

    def gone(
        self, catalogue: Catalogue, served: Collection[str], operations: Collection[str] = ()
    ) -> Iterator[str]:
        """Yield the ids of this baseline's faults whose mutants can no longer be made from the document.

        Args:
            catalogue: The document's mutants.
            served: The ids of mutants that were served, and so don't have to be derived again.
            operations: The ids of the operations to consider; empty for all operations.
        """
        chosen = tuple(f"{each}:" for each in operations) or ""
        for name in self.verdicts:
            is_asked = name.startswith(chosen) and name not in served and not _is_control(name)
            if is_asked and catalogue.mutant(name) is None:
                yield name


def read_baseline(path: Path, catalogue: Catalogue) -> Baseline:
    """Read a baseline to compare a run with.

    Raises:
        KitError: The file can't be read, isn't a baseline, or comes from a run with another document or
            another strictness.
    """
    try:
        if path.exists() and not path.is_file():
            raise KitError(f"{path} isn't a regular file. {_ADVICE}")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise ValueError
        found = Baseline.parsed(content)
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}. {_ADVICE}") from None
    except ValueError:
        said = f"{path} is truncated, or isn't a baseline from this version of contract-kit. {_ADVICE}"
        raise KitError(said) from None
    if found.strictness is not catalogue.strictness:
        said = f"{path} was written with --strictness {found.strictness}"
        raise KitError(
            f"{said}, not {catalogue.strictness}. Use the same strictness, or write another baseline."
        )
    if found.operations.isdisjoint(_endpoints(catalogue.listed)):
        said = f"{path} is a baseline for another document, which has none of this document's operations"
        raise KitError(f"{said}. {_ADVICE}")
    return found


def _whole(value: Any, allowed: range, *others: None) -> Any:
    """Return a number from a baseline file if it is an integer in this range, or one of the other values."""
    if value in others or (type(value) is int and value in allowed):
        return value
    raise ValueError


def _endpoints(operations: Iterable[Operation | Listed]) -> set[str]:
    return {" ".join(endpoint(each.path, each.method)) for each in operations}


def _is_control(name: str) -> bool:
    """Whether an id belongs to a valid response."""
    return name.endswith(f":{CONTROL}")


def _hash(mutant: Mutant, sample: int | None) -> str:
    """Return the hash of a mutant's place or, for a sample or a valid response, of the mutant's id."""
    return _short(mutant.place if sample is None and not _is_control(mutant.id) else mutant.id)


def _short(name: str) -> str:
    return key_of(name)[:8]
