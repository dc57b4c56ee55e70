"""A planned mutant: an operation, one of its responses, and the change to the response."""

from __future__ import annotations

from attrs import field, frozen

from contract_kit.read.operations import Documented
from contract_kit.read.paths import pointer

from .candidates import Candidate
from .kinds import kind_name, kind_of
from .model import ERROR_STATUS, LEGAL, PROTOCOL, Exactness, Expect, Mutant, Operation, Response, Strictness
from .protocol import Disturbance

VALID = "valid"
REDIRECT = "a client may follow a redirect, or raise an error for it"
ANOTHER_TYPE = "a client may read only one of several documented content types"
UNSURE = "the kit knows no valid body of the content type {}, so it sends text"


@frozen(eq=False)
class Slot:
    """A planned mutant in the catalogue. It becomes a mutant if its candidate is proved."""

    operation: Operation
    documented: Documented
    source: Candidate | Disturbance = field(repr=False)

    @property
    def id(self) -> str:
        """The id of the mutant."""
        name = self.source.name if isinstance(self.source, Candidate) else f"{PROTOCOL}::{self.source.name}"
        return f"{self.operation.id}:{self.documented.label}:{name}"

    def mutant(
        self, response: Response, asked: Strictness, base: str, exactness: Exactness | None = None
    ) -> Mutant:
        """Return the mutant that sends a response made from a base.

        If the mutant's kind is weaker than the requested strictness, a client may accept or refuse.
        """
        candidate = self.source if isinstance(self.source, Candidate) else None
        what = self.source.change if isinstance(self.source, Candidate) else self.source
        group = (candidate.keyword if candidate else None) or (LEGAL if self._is_legal else PROTOCOL)
        name = what.kind or kind_name(group, what.name)
        kind = kind_of(name)
        reason = "" if asked.covers(kind.strictness) else kind.reason
        if self._is_legal:
            reason = self._either(response) or reason
        return Mutant(
            id=self.id,
            operation=self.operation,
            response=response,
            expect=Expect.EITHER if reason else Expect.ACCEPT if self._is_legal else Expect.REFUSE,
            group=group,
            name=what.name,
            location=pointer(candidate.path) if candidate else "",
            schema_location=candidate.schema_location if candidate else "",
            exactness=exactness,
            breaks=what.breaks,
            reason=reason,
            kind=name,
            strictness=kind.strictness,
            source=kind.source,
            base=base,
        )

    def _either(self, response: Response) -> str:
        """Return why a client may refuse a legal response at any strictness; empty if it may not."""
        if response.status >= 400:
            return ERROR_STATUS
        if response.status >= 300:
            return REDIRECT
        if self.documented.is_other:
            return ANOTHER_TYPE
        return "" if self.documented.is_sure else UNSURE.format(self.documented.content_type)

    @property
    def _is_legal(self) -> bool:
        if isinstance(self.source, Candidate):
            return self.source.keyword is None
        return self.source.name == VALID or self.source.is_legal
