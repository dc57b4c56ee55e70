"""The results of a comparison: changes, with or without a witness, grouped by the changed schema."""

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
        part: For a response, its status and content type. For a request body, the word `body` and the
            content type. For a parameter, its `in` and its name.
        label: The status of a response as documented; empty for a request.
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
        uses: The requests or responses in which the value may be sent.
        control: The same value, changed so that the version that forbids it allows it; None if no such value
            was found.
    """

    value: Any = field(repr=False)
    path: Path
    uses: tuple[Use, ...]
    control: Any = field(default=None, repr=False)

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return pointer(self.path)


class OnPaper(enum.StrEnum):
    """Whether a change breaks clients on paper, meaning according to the documents alone.

    A breaking change has a witness, or oasdiff calls it an error. An unproven change may break clients.
    """

    BREAKING = "yes"
    UNPROVEN = "unproven"
    HARMLESS = "no"


class Did(enum.StrEnum):
    """The client's outcome for a witness, from the worst to the best.

    If the client accepts a witness, what it returns is compared with what it returns for the control:
    ALTERED, LOST, PASSED_ON and NO_EFFECT are the effects. ACCEPTED means that no comparison was possible.
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
        """Whether the client's caller came to no known harm."""
        return self in (Did.ACCEPTED, Did.PASSED_ON, Did.NO_EFFECT)


@frozen
class Change:
    """A change between two versions of a document.

    Attributes:
        rule: The id of the rule; oasdiff's id if oasdiff has a rule with the same meaning.
        location: A JSON Pointer to the schema of the old response or the new request, or to the
            operation if no schema changed.
        what: The added or missing part, such as a property, an enum value or a status; empty if the rule
            concerns no particular part.
        on_paper: Whether the change breaks clients on paper.
        uses: The number of requests or responses that the change breaks.
        locations: The number of schemas that changed in the same way. Identical schemas at several locations
            in the document count separately.
        direction: Whether requests or responses changed.
        keyword: The keyword that forbids the witness; empty if there is no witness.
        witnesses: Witnesses in different requests or responses.
        did: The client's worst outcome for a witness; None if no witness was served.
        detail: How that call ended, or how the client's result differs.
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
        """The witness to show; None if there is none."""
        return min(
            self.witnesses, key=lambda each: len(json.dumps(each.value, ensure_ascii=False)), default=None
        )

    @property
    def breaks(self) -> bool:
        """Whether the change breaks clients on paper, and no client handled the witnesses."""
        return self.on_paper is OnPaper.BREAKING and not (self.did and self.did.is_harmless)


@frozen
class Comparison:
    """All changes between two versions of a document.

    Attributes:
        compared: The number of requests and responses that both versions have.
        skipped: The parts that could not be compared, and why.
        notes: Facts about the documents that a reader of the report must know.
        has_client: Whether witnesses were served to a client.
    """

    changes: tuple[Change, ...]
    compared: int
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    has_client: bool = False

    def listed(self, on_paper: OnPaper) -> list[Change]:
        """Return the changes with this value for `on_paper`, changes with more uses first."""
        return sorted(
            (each for each in self.changes if each.on_paper is on_paper), key=lambda each: -each.uses
        )

    @property
    def breaks(self) -> bool:
        """Whether a change breaks a client, so that the command fails."""
        return any(each.breaks for each in self.changes)

    def with_client(self, did: dict[int, tuple[Did, str]]) -> Comparison:
        """Return a copy with a client's outcomes; the keys of `did` are indexes into `changes`."""
        changes = tuple(
            evolve(each, did=did[number][0], detail=did[number][1]) if number in did else each
            for number, each in enumerate(self.changes)
        )
        return evolve(self, changes=changes, has_client=True)
