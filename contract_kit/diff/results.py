"""The results of a comparison: changes, with or without witnesses, grouped by changed schema."""

from __future__ import annotations

import enum
import json
from typing import Any

from attrs import evolve, field, frozen

from contract_kit.read.document import Skipped
from contract_kit.read.paths import Path, pointer


class Direction(enum.StrEnum):
    """Whether a schema describes requests or responses."""

    REQUEST = "request"
    RESPONSE = "response"


@frozen
class Use:
    """A request or response that uses a schema.

    Attributes:
        operation: The operation id.
        name: The method and path.
        part: For a response, its status and content type; for a request body, the word `body` and the content
            type; for a parameter, its `in` and its name.
        label: A response's status as documented; empty for a request.
        kind: The content type; empty for a parameter.
    """

    operation: str
    name: str
    part: str
    label: str = ""
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.part}"


@frozen
class Witness:
    """A value that one version allows and the other forbids.

    Attributes:
        path: The path to the forbidden part.
        uses: The requests or responses in which the value can be sent.
        isolated: The same value without what other changes forbid, if such a value was found. It is served to
            clients. If another change affects all bodies, neither version allows this value.
        control: The same value, changed so that both versions allow it; None if no such value was found.
    """

    value: Any = field(repr=False)
    path: Path
    uses: tuple[Use, ...]
    isolated: Any = field(repr=False)
    control: Any = field(default=None, repr=False)

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return pointer(self.path)


class OnPaper(enum.StrEnum):
    """Whether a change breaks clients on paper: judging by the documents alone.

    A breaking change has a witness, or is an error according to oasdiff. An unproven change might break
    clients.
    """

    BREAKING = "yes"
    UNPROVEN = "unproven"
    HARMLESS = "no"


class Did(enum.StrEnum):
    """What the client did with a witness, from the worst outcome to the best.

    If the client accepts a witness, its result is compared with its result for the control. ALTERED, LOST,
    PASSED_ON and NO_EFFECT are the possible effects. ACCEPTED means that the results couldn't be compared.
    """

    ALTERED = "altered"
    LOST = "lost"
    HUNG = "hung"
    CRASHED = "crashed"
    REFUSED = "refused"
    INCONCLUSIVE = "inconclusive"
    ACCEPTED = "accepted"
    PASSED_ON = "passed on"
    NO_EFFECT = "no effect"

    @property
    def is_harmless(self) -> bool:
        """Whether the client's caller suffers no known harm."""
        return self in (Did.ACCEPTED, Did.PASSED_ON, Did.NO_EFFECT)


@frozen
class ClientOutcome:
    """A client's outcome for a change.

    Attributes:
        did: The worst outcome.
        detail: How the call with this outcome ended, or how the client's result differs.
        witness: The witness with this outcome, as served.
    """

    did: Did
    detail: str
    witness: Witness


@frozen
class Change:
    """A change between two versions of a document.

    Attributes:
        rule: The rule's id, which is the same as oasdiff's if oasdiff has a rule with the same meaning.
        location: A JSON Pointer to the schema of the old response or the new request, or to the operation if
            no schema changed.
        what: The part that was added or is missing, such as a property, an enum value or a status; empty if
            the rule doesn't concern a particular part.
        on_paper: Whether the change breaks clients on paper.
        uses: The number of requests or responses that the change breaks.
        locations: The number of schemas that changed in the same way. Identical schemas at several locations
            in the document count separately.
        direction: Whether requests or responses changed.
        keyword: The keyword that forbids the witness; empty if there is no witness.
        witnesses: Witnesses in different requests or responses; after a client was tried, only the one that
            caused the worst outcome, as served.
        did: The client's worst outcome for a witness; None if no witness was served.
        detail: How the call with this outcome ended, or how the client's result differs.
    """

    rule: str
    location: str
    what: str = ""
    on_paper: OnPaper = OnPaper.BREAKING
    uses: int = 1
    locations: int = 1
    direction: Direction | None = None
    keyword: str = ""
    witnesses: tuple[Witness, ...] = ()
    did: Did | None = None
    detail: str = ""

    @property
    def witness(self) -> Witness | None:
        """The shortest witness, which is the one shown; None if there are no witnesses."""
        return min(
            self.witnesses, key=lambda each: len(json.dumps(each.value, ensure_ascii=False)), default=None
        )

    def with_client(self, outcome: ClientOutcome) -> Change:
        """Return a copy that includes a client's outcome, with the served witness as the only one."""
        return evolve(self, did=outcome.did, detail=outcome.detail, witnesses=(outcome.witness,))

    @property
    def breaks(self) -> bool:
        """Whether the change breaks clients on paper, unless a client was shown to handle the witnesses."""
        return self.on_paper is OnPaper.BREAKING and not (self.did and self.did.is_harmless)


@frozen
class Comparison:
    """All changes between two versions of a document.

    Attributes:
        compared: The number of requests and responses that both versions have.
        skipped: The parts that couldn't be compared, and why.
        notes: Facts about the documents that readers of the report must know.
        has_client: Whether the witnesses were served to a client.
    """

    changes: tuple[Change, ...]
    compared: int
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    has_client: bool = False

    def listed(self, on_paper: OnPaper) -> list[Change]:
        """Return the changes with this value of `on_paper`, most uses first."""
        return sorted(
            (each for each in self.changes if each.on_paper is on_paper), key=lambda each: -each.uses
        )

    @property
    def breaks(self) -> bool:
        """Whether any change breaks clients, which makes the command fail."""
        return any(each.breaks for each in self.changes)

    def with_client(self, outcomes: dict[int, ClientOutcome]) -> Comparison:
        """Return a copy that includes a client's outcomes. The keys are indexes into `changes`."""
        changes = tuple(
            each.with_client(outcomes[number]) if number in outcomes else each
            for number, each in enumerate(self.changes)
        )
        return evolve(self, changes=changes, has_client=True)
