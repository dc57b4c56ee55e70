"""Plans an operation's mutants in the order in which they are served, or draws a sample of them."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from contract_kit.prove.proving import Doubt, Exactness
from contract_kit.prove.validators import Validators
from contract_kit.read.operations import Documented
from contract_kit.read.paths import pointer

from .bodies import VALID_BODY, Bodies
from .body_bytes import injections_into_bytes
from .candidates import Candidate
from .deliveries import OF_DELIVERY, TWICE, of_receivers
from .exchange import Response
from .model import (
    CLIENT,
    ERROR_STATUS,
    LEGAL,
    PROTOCOL,
    RECEIVER,
    Expect,
    Mutant,
    Operation,
    Operator,
    control_id,
    key_of,
)
from .operators import OPERATORS, operator_of
from .order import alternating, rotated
from .pages import NEXT
from .protocol import (
    CONTENT_AFTER_204,
    CURSOR_REPEATED,
    VALID,
    FaultInjection,
    broken_headers,
    error_with_success,
    fault_injections,
    injections_into_transfer,
    undocumented_statuses,
    valid_response,
)
from .requests import is_sure, plain_body
from .strictness import Strictness

REDIRECT = "a client may follow a redirect, or raise an error for it"
NO_PAGE = "a client may request the next page, but the changed link doesn't lead to it"
ANOTHER_TYPE = "a client may support only one of several documented content types"
UNNAMED = "the discriminator has no mapping and its value names no schema, or the value isn't an object"
UNSURE = "the kit knows no valid body of the content type {}, so it sends text"


@frozen(eq=False)
class Answer:
    """A documented response that the kit can build.

    Attributes:
        headers: A valid value for each header.
        bodies: The valid bodies and their candidates; None if the response has no body, or no schema for it.
    """

    documented: Documented
    headers: dict[str, str]
    bodies: Bodies | None = field(repr=False)

    @functools.cached_property
    def valid(self) -> Response:
        """The valid response that its mutants are made from."""
        documented = self.documented
        if documented.content_type is None:
            return Response(documented.status, self.headers, b"")
        headers = {"Content-Type": documented.content_type} | self.headers
        if not self.bodies:
            return Response(documented.status, headers, plain_body(documented))
        last = self.bodies.last_page
        last_page = None if last is None else Response(documented.status, headers, last)
        return Response(documented.status, headers, self.bodies.valid, last_page=last_page)


@frozen(eq=False)
class Answered:
    """An operation with the responses that the kit can build.

    Attributes:
        operation: The operation, with a valid request.
        labels: The labels of all documented responses.
        answers: The responses that the kit can build.
    """

    operation: Operation
    labels: list[str]
    answers: list[Answer]

    @functools.cached_property
    def normal(self) -> Answer:
        """The operation's normal response: a success, if one is documented."""
        successes = [each for each in self.answers if 200 <= each.documented.status < 300]
        with_schema = [each for each in successes if each.documented.schema is not None]
        return (with_schema or successes or self.answers)[0]

    @property
    def error(self) -> bytes | None:
        """The body of a documented error; None if no error with a body is documented."""
        errors = (each for each in self.answers if each.documented.status >= 400 and each.bodies)
        return next((each.valid.body for each in errors), None)

    def slot(self, answer: Answer, source: Candidate | FaultInjection) -> Slot:
        """Return the planned mutant that changes a response."""
        return Slot(self.operation, answer, source, "" if answer is self.normal else answer.documented.label)

    def body_of(self, answer: Answer) -> Bodies | None:
        """Return a response's bodies, or None if the client gets no body that has a schema."""
        return None if self.operation.method == "HEAD" else answer.bodies


@frozen(eq=False)
class Slot:
    """A planned mutant that hasn't been proved yet.

    Attributes:
        base: The documented response's label; empty for the operation's normal response.
    """

    operation: Operation
    answer: Answer
    source: Candidate | FaultInjection = field(repr=False)
    base: str = ""

    @property
    def id(self) -> str:
        """The mutant's id."""
        return self._named(self.source.name, self._path)

    def _named(self, operator: str, path: str) -> str:
        found = [self.operation.id, self.answer.documented.label, operator, path]
        return ":".join(filter(None, found))

    @property
    def _path(self) -> str:
        return self.source.named_path if isinstance(self.source, Candidate) else ""

    @property
    def operator(self) -> Operator:
        """The mutation operator; for a receiver, it can be less strict than for a client."""
        if isinstance(self.source, Candidate):
            found = operator_of(self.source.change.operator, self.source.keyword)
        else:
            found = operator_of(self.source.operator)
        is_delivery = self.operation.role is RECEIVER
        return of_receivers(found) if is_delivery and not self._is_legal else found

    def mutant(self, asked: Strictness) -> Mutant | Doubt:
        """Return the mutant, or the reason that the change can't be used."""
        valid = self.answer.valid
        if isinstance(self.source, Candidate) and (bodies := self.answer.bodies):
            proof = bodies.proof(self.source)
            if proof.doubt:
                return proof.doubt
            response = evolve(valid, body=self.source.encoded())
            return self._mutant(response, asked, bodies.location(self.source), proof.exactness)
        assert isinstance(self.source, FaultInjection)  # noqa: S101 - a candidate has bodies
        injected = self.source.inject(valid)
        if injected == valid and self.source.operator != VALID:
            return Doubt.UNCHANGED
        return self._mutant(injected, asked)

    def _mutant(
        self, response: Response, asked: Strictness, where: str = "", exactness: Exactness | None = None
    ) -> Mutant:
        """Return the mutant that sends this response.

        If a standard's requirement is weaker than the strictness `asked`, a client may accept or refuse the
        mutant.
        """
        candidate = self.source if isinstance(self.source, Candidate) else None
        made = self.source.change if isinstance(self.source, Candidate) else self.source
        group = (candidate.keyword if candidate else None) or (LEGAL if self._is_legal else PROTOCOL)
        operator = self.operator
        reason = "" if asked.covers(operator.strictness) else operator.reason
        if self._is_legal:
            reason = self._either(response) or reason
        reason = reason.replace("a client ", f"a {self.operation.role.name} ")
        return Mutant(
            id=self.id,
            place=self._named("", self._path),
            operation=self.operation,
            response=response,
            expect=Expect.EITHER if reason else Expect.ACCEPT if self._is_legal else Expect.REFUSE,
            group=group,
            operator=operator,
            parameter=made.parameter,
            location=pointer(candidate.path) if candidate else "",
            schema_location=where,
            exactness=exactness,
            breaks=made.breaks,
            reason=reason,
            base=self.base,
            valid_body=candidate.unchanged if candidate else self.answer.valid.body,
            control=self._control(candidate),
            misleads=self.source is CURSOR_REPEATED or self._changes_cursor,
        )

    def _control(self, candidate: Candidate | None) -> str:
        """Return the control's id. For a body other than the usual one, this is a legal mutant's id."""
        bodies = self.answer.bodies
        if candidate and bodies and candidate.base is not bodies.bases[0]:
            name = f"{VALID_BODY}={candidate.base.name}"
            return self._named(name, candidate.base.branch)
        return control_id(self.operation.id, self.base)

    @property
    def _changes_cursor(self) -> bool:
        bodies, source = self.answer.bodies, self.source
        return isinstance(source, Candidate) and bodies is not None and bodies.changes_cursor(source)

    def _either(self, response: Response) -> str:
        """Return the reason why a client may always refuse this legal response, or "" if it may not."""
        if response.status >= 400:
            return ERROR_STATUS
        if response.status >= 300:
            return REDIRECT
        if self.answer.documented.is_other:
            return ANOTHER_TYPE
        candidate = self.source if isinstance(self.source, Candidate) else None
        if self.source in (CURSOR_REPEATED, TWICE):
            return OPERATORS[self.source.operator].reason  # even if the strictness is MAY
        if candidate and candidate.place.value == NEXT and candidate.change.value:
            return NO_PAGE
        if self.answer.bodies and self.answer.bodies.has_unnamed(candidate):
            return UNNAMED
        known = is_sure(self.answer.documented)
        return "" if known else UNSURE.format(self.answer.documented.content_type)

    @property
    def _is_legal(self) -> bool:
        if isinstance(self.source, Candidate):
            return self.source.keyword is None
        return self.source.is_legal


def slots(answered: Answered, validators: Validators) -> Iterator[Slot]:
    """Yield an operation's planned mutants: body mutants first, then HTTP mutants."""
    for answer in answered.answers:
        yield from map(functools.partial(answered.slot, answer), answered.body_of(answer) or ())
    yield from _of_http(answered, validators)


def _of_http(answered: Answered, validators: Validators) -> Iterator[Slot]:
    for answer in answered.answers:
        plan = functools.partial(answered.slot, answer)
        if not answered.body_of(answer):
            yield plan(valid_response(answer.documented))
        yield from map(plan, fault_injections(answer.documented))
        yield from map(plan, broken_headers(validators, answer.documented, answer.headers))
        if answered.body_of(answer) and answered.operation.role is CLIENT:
            yield plan(CURSOR_REPEATED)
    plan, bodies = functools.partial(answered.slot, answered.normal), answered.body_of(answered.normal)
    if answered.operation.role is RECEIVER:
        if bodies:
            yield from map(plan, injections_into_bytes(answered.normal.documented, lambda: bodies.non_ascii))
        yield from map(plan, OF_DELIVERY)
        return
    yield from map(plan, undocumented_statuses(answered.labels))
    if bodies:
        yield plan(error_with_success(answered.error, bodies.allows))
        yield from map(plan, injections_into_bytes(answered.normal.documented, lambda: bodies.non_ascii))
    yield from map(plan, injections_into_transfer(has_body=bodies is not None))
    if answered.operation.method != "HEAD":
        empty = next((each for each in answered.answers if each.documented.status == 204), answered.normal)
        yield answered.slot(empty, CONTENT_AFTER_204)


def drawn(operations: Iterable[Answered], validators: Validators, positions: int) -> Iterator[Slot]:
    """Yield the operations' planned mutants in shuffled order, evenly by operator, near misses first.

    Mutants change at most `positions` values in each response's bodies.
    """
    by_operator: dict[str, list[Iterator[Slot]]] = defaultdict(list)
    for answered in operations:
        for name, found in _by_operator(answered, validators, positions).items():
            by_operator[name].append(iter(found))
    near = [name for name, each in OPERATORS.items() if each.incident and name in by_operator]
    ordered = [*near, *sorted(by_operator.keys() - near, key=key_of)]
    # Start each operator with a different operation.
    yield from alternating(alternating(rotated(by_operator[name], at)) for at, name in enumerate(ordered))


def _by_operator(answered: Answered, validators: Validators, positions: int) -> dict[str, list[Slot]]:
    """Return an operation's planned mutants by operator name, in shuffled order."""
    planned = list(_of_http(answered, validators))
    for answer in answered.answers:
        if bodies := answered.body_of(answer):
            changed = bodies.drawn(f"{answered.operation.id}:{answer.documented.label}", positions)
            planned += map(functools.partial(answered.slot, answer), changed)
    found: dict[str, list[Slot]] = defaultdict(list)
    for slot in sorted(planned, key=lambda slot: key_of(slot.id)):
        found[slot.operator.name].append(slot)
    return found
